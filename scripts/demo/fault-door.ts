import type { Listener, Network } from "../../hal/network.ts";
import type { Clock } from "../../hal/clock.ts";
import type { ModbusDevice } from "../../simulator/modbus/index.ts";
import { parseFault } from "./fault-words.ts";
import type { Intruder } from "./fault-words.ts";

const REQUEST_BYTES_MAX = 1_024;

/** What can be broken: a device by its name, or a cable. */
export interface Breakable {
  readonly devices: Readonly<Record<string, ModbusDevice>>;
  readonly cables: Readonly<Record<string, Cable>>;
}

export interface Cable {
  vanish(): void;
  restore(): void;
  /** where somebody else can talk on it */
  intrude?(who: Intruder, seconds: number): void;
}

/**
 * The demo's own socket for `npm run fault`: one line of JSON words in, one line out. It exists in the demo only and is
 * gone with its folder.
 */
export function openFaultDoor(
  parts: { readonly network: Network; readonly clock: Clock; readonly path: string },
  plant: Breakable,
  say: (text: string) => void,
): Promise<Listener> {
  return parts.network.listen({ kind: "unix", path: parts.path }, (stream) => {
    let text = "";
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const end = text.indexOf("\n");
      if (end < 0 && text.length <= REQUEST_BYTES_MAX) return;
      const answer = obey(text.slice(0, end), parts.clock, plant);
      if (answer.done) say(answer.says);
      stream.end(`${JSON.stringify(answer)}\n`);
    });
  });
}

function obey(line: string, clock: Clock, plant: Breakable): { readonly done: boolean; readonly says: string } {
  const cables = Object.keys(plant.cables);
  const lines = cables.filter((name) => plant.cables[name]?.intrude !== undefined);
  const parsed = parseFault(line, Object.keys(plant.devices), cables, clock.monotonicMs(), lines);
  if ("refused" in parsed) return { done: false, says: parsed.refused };
  switch (parsed.do) {
    case "inject":
      plant.devices[parsed.target]?.inject(parsed.injection);
      break;
    case "clear":
      plant.devices[parsed.target]?.clear();
      break;
    case "unplug":
      plant.cables[parsed.target]?.vanish();
      break;
    case "plug":
      plant.cables[parsed.target]?.restore();
      break;
    case "master":
    case "writer":
      plant.cables[parsed.target]?.intrude?.(parsed.do, parsed.seconds);
      break;
  }
  return { done: true, says: parsed.says };
}
