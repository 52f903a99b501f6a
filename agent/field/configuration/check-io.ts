import type { IoSnapshot } from "../../config/snapshot/io.ts";
import { ioRosterBytes } from "../../config/snapshot/local-roster.ts";
import { ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import { IO_INPUTS_MAX, IO_LEDS_MAX } from "../../contract/io.ts";
import { NAME } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

/** A driver and a place; the driver itself judges the place. */
const LINE = /^[a-z]{1,16}:[^\s\0]{1,160}$/;
const DEBOUNCE_MS_MAX = 60_000;
const ROLES = ["input", "presence", "tamper", "service-port"] as const;

/**
 * Lines of the housing: names of its inputs, and one owner for each line.
 * @returns its name as a source, where it has inputs, and its bytes in a roster, at most
 * @throws {ConfigurationError}
 */
export function checkIo(io: Fields): { readonly device: string; readonly rosterBytesMax: number } {
  const device = io.text("device", NAME);
  const lines = new Set<string>();
  const own = (part: Fields): void => {
    const line = part.text("line", LINE);
    if (lines.has(line)) throw new ConfigurationError("CONFIG_LINE_DUPLICATE", `${part.where}: ${line} is taken`);
    lines.add(line);
  };
  const names = new Set<string>();
  for (const input of io.list("inputs", IO_INPUTS_MAX)) {
    const name = input.text("name", NAME);
    if (names.has(name)) throw new ConfigurationError("CONFIG_NAME_DUPLICATE", `${input.where}: ${name} is taken`);
    names.add(name);
    input.oneOf("role", ROLES);
    own(input);
    input.boolean("invert");
    input.integer("debounceMs", 0, DEBOUNCE_MS_MAX);
  }
  if (io.has("relay")) {
    const relay = io.object("relay");
    own(relay);
    relay.boolean("failSafe");
    relay.oneOf("priority", ALARM_PRIORITIES);
    relay.boolean("untilAcknowledged");
  }
  for (const led of io.list("leds", IO_LEDS_MAX)) {
    own(led);
    led.oneOf("shows", ["running", "alarm", "uplink"]);
  }
  return { device, rosterBytesMax: ioRosterBytes(io.raw("inputs") as IoSnapshot["inputs"]) };
}
