import type { AlarmSinkSnapshot } from "../../../../agent/config/snapshot/notify.ts";
import type { AlarmEventsTaken } from "../../../../agent/contract/alarm-cursors.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import { NotifyError } from "../../../../agent/uplink/notify/fault.ts";
import { Notifier } from "../../../../agent/uplink/notify/notifier.ts";
import type { Delivery, Way } from "../../../../agent/uplink/notify/receiver.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { ORIGIN } from "./alarm-event.ts";

/** A receiver by name: what it has, and what it does with the next batch. */
class StandIn {
  readonly has: Delivery[] = [];
  readonly ways: Way[] = [];
  attempts: number[] = [];
  answer: (batch: readonly Delivery[]) => Promise<void> = () => Promise.resolve();
}

export async function notifying(sinks: readonly AlarmSinkSnapshot[], interfaceNames: readonly string[] = []) {
  const clock = virtualClock();
  const standIns = new Map(sinks.map(({ name }) => [name, new StandIn()]));
  const taken: AlarmEventsTaken[] = [];
  const notifier = new Notifier({
    clock,
    entropy: seededEntropy(1),
    log: silentLog,
    receiver: ({ name }) => ({
      address: `stand-in ${name}`,
      batchMax: 4,
      async deliver(batch, way) {
        const standIn = standIns.get(name) ?? new StandIn();
        standIn.attempts.push(clock.monotonicMs());
        standIn.ways.push(way);
        await standIn.answer(batch);
        standIn.has.push(...batch);
      },
    }),
  });
  const part = { ...ORIGIN, interfaceNames, notify: sinks };
  notifier.field((message) => taken.push(message));
  await notifier.configure(part);
  return {
    clock,
    notifier,
    taken,
    part,
    at: (name: string): StandIn => standIns.get(name) as StandIn,
    has: (name: string): readonly string[] =>
      at(standIns, name).has.map(
        ({ event, lostBefore }) => `${event.sequence}${lostBefore > 0 ? ` after ${lostBefore}` : ""}`,
      ),
    [Symbol.asyncDispose]: () => notifier.stop(),
  };
}

function at(standIns: ReadonlyMap<string, StandIn>, name: string): StandIn {
  return standIns.get(name) ?? new StandIn();
}

export const refusing = (code: ConstructorParameters<typeof NotifyError>[0], retryAfterMs?: number) => () =>
  Promise.reject(new NotifyError(code, "no", { retryAfterMs }));
