import type { Clock } from "../../hal/clock.ts";
import { rtuMaster, shortPdu } from "../../simulator/modbus/master.ts";
import type { MasterRequest } from "../../simulator/modbus/master.ts";
import { STATION_LINE } from "../../simulator/plant/index.ts";
import type { Wire } from "../../simulator/wire.ts";
import type { Cable } from "./fault-door.ts";
import type { Intruder } from "./fault-words.ts";

/** At the discharge valve: one reads its position, the other writes what its setpoint is already. */
const REQUESTS: Readonly<Record<Intruder, MasterRequest>> = {
  master: { unit: 3, pdu: shortPdu(4, 0, 1) },
  writer: { unit: 3, pdu: shortPdu(6, 0, 0) },
};
const EVERY_MS = 2_000;

/** A line to which somebody else can bring a laptop. */
export function intrudable(cable: Pick<Cable, "vanish" | "restore">, clock: Clock, wire: Wire): Cable {
  return {
    vanish: () => cable.vanish(),
    restore: () => cable.restore(),
    intrude(who, seconds) {
      const master = rtuMaster({ clock, wire, line: STATION_LINE });
      master.poll(REQUESTS[who], EVERY_MS);
      clock.after(seconds * 1_000, () => master[Symbol.dispose]());
    },
  };
}
