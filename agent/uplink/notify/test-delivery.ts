import type { WallReading } from "../../../hal/clock.ts";
import type { Delivery } from "./receiver.ts";

/** What no alarm of any gateway is called: the event says so itself, and each kind of receiver marks it besides. */
const TEST_ALARM = "holdfast-test";

/** An event that stands for no alarm. @param nonce in place of a boot id, so that receivers take no two tests for one */
export function testDelivery({ unixMs, trust }: WallReading, nonce: string): Delivery {
  return {
    event: {
      kind: "alarm-event",
      bootId: nonce,
      sequence: 0,
      lost: 0,
      alarm: TEST_ALARM,
      priority: "low",
      from: "normal",
      to: "raised",
      text: { en: "Receiver of alarms is tried out", de: "Alarmempfänger wird erprobt" },
      evidence: "",
      timeMs: unixMs,
      trust,
    },
    lostBefore: 0,
    test: true,
  };
}
