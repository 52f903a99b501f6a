import type { Clock } from "../../hal/clock.ts";
import { HEALTH_FAULTS_MAX } from "../contract/health.ts";
import type { FieldFacts } from "../contract/health.ts";
import type { BusStatus } from "../contract/status.ts";
import type { Bus } from "./bus/bus.ts";
import type { Outbox } from "./outbox/outbox.ts";

/** How often the field is looked at for what `uplink` says of it. */
const LOOK_MS = 1_000;
/** A dead device: its last fault may be older and another one. */
const DEAD_CODE = "DEVICE_NO_REPLY";

/** How the field is, counted. */
export function fieldFacts(
  buses: readonly Pick<Bus, "status">[],
  outbox: Outbox,
  alarms: Pick<FieldFacts, "alarms"> = {},
): FieldFacts {
  const shown = buses.map((bus) => bus.status(false));
  const devices = shown.flatMap((bus) => bus.devices);
  return {
    buses: { online: shown.filter(({ state }) => state === "open").length, total: shown.length },
    devices: { online: devices.filter(({ online }) => online).length, total: devices.length },
    queue: { values: outbox.values, valuesMax: outbox.valuesMax, dropped: outbox.droppedCount },
    faults: faultsOf(shown),
    ...alarms,
  };
}

/** What lasts, and not what is over: a device on a bus that is down has the fault of its bus. */
function faultsOf(buses: readonly BusStatus[]): Record<string, number> {
  const faults: Record<string, number> = {};
  const add = (code: string): void => {
    if (code in faults || Object.keys(faults).length < HEALTH_FAULTS_MAX) faults[code] = (faults[code] ?? 0) + 1;
  };
  for (const bus of buses) {
    if (bus.state !== "open") {
      if (bus.lastFault !== undefined) add(bus.lastFault.code);
      continue;
    }
    // one that was not asked yet is neither online nor dead
    for (const { probeInMs } of bus.devices) if (probeInMs !== undefined) add(DEAD_CODE);
  }
  return faults;
}

/**
 * Tells the facts whenever they are others, until it is disposed.
 * @param tell false where they could not be told now
 */
export function reportFacts(clock: Clock, look: () => FieldFacts, tell: (facts: FieldFacts) => boolean): Disposable {
  let told = "";
  const report = (): void => {
    const facts = look();
    const text = JSON.stringify(facts);
    if (text !== told && tell(facts)) told = text;
  };
  let timer = clock.after(0, again);
  function again(): void {
    report();
    timer = clock.after(LOOK_MS, again);
  }
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
