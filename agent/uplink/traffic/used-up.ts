import type { UplinkSnapshot } from "../../config/snapshot.ts";
import { TRAFFIC_CLASSES } from "../../contract/uplink-status.ts";
import type { TrafficClass } from "../../contract/uplink-status.ts";
import type { Meter } from "./meter.ts";

/** Classes whose budget is used up, for this day or this month. */
export function usedUp(meter: Pick<Meter, "used">, { day, month }: UplinkSnapshot["budget"]): TrafficClass[] {
  return TRAFFIC_CLASSES.filter((one) => {
    const used = meter.used(one);
    return used.day >= (day[one] ?? Number.POSITIVE_INFINITY) || used.month >= (month[one] ?? Number.POSITIVE_INFINITY);
  });
}
