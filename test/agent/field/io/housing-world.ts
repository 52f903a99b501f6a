import type { FieldSnapshot } from "../../../../agent/config/snapshot.ts";
import type { IoInput, IoSnapshot } from "../../../../agent/config/snapshot/io.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import type { StandingAlarm } from "../../../../agent/field/alarms/standing.ts";
import { Housing } from "../../../../agent/field/io/housing.ts";
import { memoryDigitalIo } from "../../../../simulator/digital-io.ts";
import { field } from "../snapshots.ts";
import { busWorld } from "../world.ts";

export const LINES = ["gpio:1", "gpio:2", "carrier:eth1", "key:button/148", "gpio:9", "led:run", "led:alarm", "led:up"];

export function input(name: string, line: string, over: Partial<IoInput> = {}): IoInput {
  return { name, line, role: "input", invert: false, debounceMs: 50, ...over };
}

export function io(over: Partial<IoSnapshot> = {}): IoSnapshot {
  return { device: "io", inputs: [], leds: [], ...over };
}

/** A housing with its hands and eyes, and the alarms it raises and hears of. */
export function housingWorld() {
  const { clock, sink, samples, turns } = busWorld();
  const digitalIo = memoryDigitalIo(LINES);
  const raised: [alarm: string, key: string, active: boolean][] = [];
  const evidence: string[] = [];
  let listener: ((standing: readonly StandingAlarm[]) => void) | undefined;
  let stands: readonly StandingAlarm[] = [];
  const housing = new Housing({
    clock,
    digitalIo,
    sink,
    alarms: {
      set(alarm, key, active, why) {
        raised.push([alarm, key, active]);
        evidence.push(why);
      },
    },
    standing: {
      watch(watching) {
        listener = watching;
        watching(stands);
        return { [Symbol.dispose]: () => void (listener = undefined) };
      },
    },
    log: silentLog,
  });
  /** Takes a configuration while no time goes by. */
  const apply = async (part: IoSnapshot | undefined): Promise<void> => {
    const snapshot: FieldSnapshot = field([], part === undefined ? {} : { io: part });
    await housing.apply(snapshot);
    housing.start();
  };
  return {
    clock,
    digitalIo,
    housing,
    samples,
    turns,
    raised,
    evidence,
    apply,
    async configure(part: IoSnapshot | undefined): Promise<void> {
      await apply(part);
      await clock.advance(1);
    },
    async stand(...standing: readonly StandingAlarm[]): Promise<void> {
      stands = standing;
      listener?.(standing);
      await clock.advance(1);
    },
    async [Symbol.asyncDispose]() {
      await housing.stop();
    },
  };
}
