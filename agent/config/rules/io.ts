import type { Path } from "../findings.ts";
import { formatPath } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import type { Inquiry } from "./inquiry.ts";
import { uniqueNames } from "./names.ts";

const DRIVERS = { input: ["gpio", "key", "carrier"], output: ["gpio", "led"] } as const;
const WRITTEN = {
  gpio: /^gpio:(?:0|[1-9]\d{0,5})$/,
  key: /^key:(?:by-path\/|by-id\/)?[A-Za-z0-9][^/]{0,127}\/\d{1,3}$/,
  carrier: /^carrier:(?!\.\.?$)[^/]{1,15}$/,
  led: /^led:(?!\.\.?$)[^/]{1,64}$/,
} as const;
const EXAMPLES = {
  gpio: "gpio:17",
  key: "key:by-path/platform-button-event/148",
  carrier: "carrier:eth1",
  led: "led:act",
} as const;

/** Lines of the housing: each has a driver for its direction and one owner; inputs have names of their own. */
export function checkIo({ io }: Loose<GatewayFile>, inquiry: Inquiry): void {
  if (io === undefined) return;
  const line = checkLines(inquiry);
  const names = uniqueNames("input", inquiry);
  for (const [i, input] of (io.inputs ?? []).entries()) {
    line(input?.line, "input", ["io", "inputs", i, "line"]);
    names(input?.name, ["io", "inputs", i, "name"]);
  }
  line(io.relay?.line, "output", ["io", "relay", "line"]);
  for (const [i, led] of (io.leds ?? []).entries()) line(led?.line, "output", ["io", "leds", i, "line"]);
}

function checkLines(inquiry: Inquiry): (line: string | undefined, direction: "input" | "output", path: Path) => void {
  const owners = new Map<string, Path>();
  return (line, direction, path) => {
    if (line === undefined) return;
    const driver = DRIVERS[direction].find((name) => line.startsWith(`${name}:`));
    if (driver === undefined || !WRITTEN[driver].test(line)) {
      const examples = DRIVERS[direction].map((name) => EXAMPLES[name]).join(", ");
      const message = `${quote(line)} is no line that can be an ${direction}`;
      inquiry.say("CONFIG_IO_LINE", path, message, `write it as one of ${examples}: see docs/operate/housing.md`);
      return;
    }
    const owner = owners.get(line);
    if (owner === undefined) owners.set(line, path);
    else {
      const message = `${quote(line)} is already ${formatPath(owner)}`;
      inquiry.say("CONFIG_IO_LINE", path, message, "give each line to one thing alone");
    }
  };
}
