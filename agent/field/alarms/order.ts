import type { Clock } from "../../../hal/clock.ts";
import type { AlarmOrder, OrderDone } from "../../contract/rooms.ts";
import type { AlarmBoard } from "./board.ts";
import type { LiveAlarm } from "./live-alarm.ts";

type Refused = NonNullable<OrderDone["refused"]>;

/** Does what a person asks of one alarm, or of all. @returns why not, where it is refused */
export function obey(order: AlarmOrder, board: AlarmBoard, clock: Clock): Refused | undefined {
  if (order.alarm === "") return order.action === "acknowledge" ? acknowledgeAll(order, board) : refuseAll(order);
  const alarm = board.find(order.alarm);
  if (alarm === undefined) {
    return {
      code: "ALARM_UNKNOWN",
      message: `there is no alarm ${order.alarm}; \`holdfast alarms\` lists those that stand`,
    };
  }
  switch (order.action) {
    case "acknowledge":
      return acknowledge(order, alarm, board);
    case "shelve":
      return shelve(order, alarm, board, clock);
    case "unshelve":
      if (board.happen(alarm, "unshelve", () => noted("taken off the shelf", order))) return undefined;
      return { code: "ALARM_NOT_SHELVED", message: `${order.alarm} is not shelved, it is ${alarm.alarm.at}` };
  }
}

function acknowledge(order: AlarmOrder, alarm: LiveAlarm, board: AlarmBoard): Refused | undefined {
  const { evidence } = alarm;
  if (board.happen(alarm, "acknowledge", () => noted(evidence, order))) return undefined;
  return { code: "ALARM_NOT_WAITING", message: `${order.alarm} is ${alarm.alarm.at}: it waits for nobody` };
}

function acknowledgeAll(order: AlarmOrder, board: AlarmBoard): undefined {
  for (const alarm of board.all) if (alarm.waits) acknowledge(order, alarm, board);
}

function shelve(order: AlarmOrder, alarm: LiveAlarm, board: AlarmBoard, clock: Clock): Refused | undefined {
  const { shelveMsMax } = alarm.facts;
  const { forMs = 0 } = order;
  if (order.reason === "") {
    return { code: "ALARM_REASON_MISSING", message: "whoever shelves an alarm says why: --reason TEXT" };
  }
  if (shelveMsMax === 0)
    return { code: "ALARM_NOT_SHELVABLE", message: `${order.alarm} is never shelved: shelveMsMax is 0` };
  if (forMs <= 0 || forMs > shelveMsMax) {
    const message = `${forMs} ms is offered, more than 0 and at most ${shelveMsMax} is wanted: see shelveMsMax of ${order.alarm}`;
    return { code: "ALARM_SHELVE_TIME", message };
  }
  const shelf = { untilMonotonicMs: clock.monotonicMs() + forMs, untilMs: clock.wall().unixMs + forMs };
  const moved = board.happen(alarm, "shelve", () => noted(`shelved for ${Math.round(forMs / 60_000)} min`, order));
  alarm.shelf = shelf;
  if (!moved) board.renew(alarm, noted("shelved anew", order));
  return undefined;
}

function refuseAll({ action }: AlarmOrder): Refused {
  return { code: "ALARM_UNKNOWN", message: `name the alarm to ${action}: only acknowledging takes all at once` };
}

function noted(evidence: string, { by, reason }: AlarmOrder): { readonly evidence: string; readonly by: string } {
  return { evidence: reason === "" ? evidence : `${evidence}: ${reason}`, by };
}
