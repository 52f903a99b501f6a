import { expect, test } from "vitest";
import { ALARM_EVENTS_MAX } from "../../../../agent/contract/alarms.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import { AlarmEvents } from "../../../../agent/field/alarms/events.ts";
import { AlarmFeed } from "../../../../agent/field/outbox/alarm-feed.ts";
import { NotifyError } from "../../../../agent/uplink/notify/fault.ts";
import { Notifier } from "../../../../agent/uplink/notify/notifier.ts";
import type { Delivery } from "../../../../agent/uplink/notify/receiver.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";

const NAMES = ["a", "b", "c"] as const;
type Mood = "well" | "away" | "silent" | "forgetful";

/** The real queue of `field`, the real uplink, receivers of changing moods; either room dies whenever it is told to. */
function rooms(seed: number) {
  const clock = virtualClock();
  const moods = new Map<string, Mood>();
  const has = new Map<string, Delivery[]>(NAMES.map((name) => [name, []]));
  let boot = 0;
  let added = 0;
  let events = new AlarmEvents("boot-0");
  let uplink: Notifier | undefined;

  const connect = (notifier: Notifier): void => {
    const bootId = `boot-${boot}`;
    const of = events;
    notifier.field((message) => of.taken(message));
    notifier.resume({ kind: "alarm-receivers", bootId, receivers: [...events.receivers] });
    const feed = new AlarmFeed(events, (event) => {
      notifier.receive(event);
      return true;
    });
    events.listener = () => void feed.tell();
    feed.tell();
  };
  return {
    clock,
    moods,
    has,
    sent: () => added,
    get up() {
      return uplink !== undefined;
    },
    raise(count: number) {
      for (let i = 0; i < count; i++) {
        added += 1;
        const { kind: _kind, bootId: _bootId, sequence: _sequence, lost: _lost, ...event } = alarmEvent(0);
        events.add(event);
      }
    },
    async startUplink() {
      uplink = new Notifier({
        clock,
        entropy: seededEntropy(seed),
        log: silentLog,
        receiver: ({ name }) => ({
          address: name,
          batchMax: name === "b" ? 1 : 4,
          async deliver(batch) {
            const mood = moods.get(name) ?? "well";
            if (mood === "away") throw new NotifyError("NOTIFY_CLOSED", "away");
            if (mood === "silent") await new Promise(() => {});
            has.get(name)?.push(...batch);
            if (mood === "forgetful") throw new NotifyError("NOTIFY_CLOSED", "it has them and does not say so");
          },
        }),
      });
      const notify = NAMES.map((name, i) => sinkSnapshot({ name, queueMax: [5, 50, 1_000][i] ?? 1 }));
      await uplink.configure({ ...ORIGIN, interfaceNames: [], notify });
      connect(uplink);
    },
    async killUplink() {
      events.listener = undefined;
      uplink?.field(undefined);
      await uplink?.stop();
      uplink = undefined;
    },
    restartField() {
      boot += 1;
      events = new AlarmEvents(`boot-${boot}`);
      if (uplink !== undefined) connect(uplink);
    },
    hangUp() {
      if (uplink !== undefined) connect(uplink);
    },
  };
}

test("whatever dies and comes back, what each receiver has and what it is told is lost is everything, in order", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = seededEntropy(seed);
    const below = (max: number): number => Math.floor(chance.fraction() * max);
    const w = rooms(seed);
    await w.startUplink();
    // what a receiver took and did not confirm is known by its numbers, and those of a boot that is over are forgotten
    const moods: readonly Mood[] =
      seed % 2 === 0 ? ["well", "away", "silent", "forgetful"] : ["well", "away", "silent"];
    for (let step = 0; step < 40; step++) {
      for (const name of NAMES) if (below(3) === 0) w.moods.set(name, moods[below(moods.length)] ?? "well");
      w.raise(below(20) === 0 ? ALARM_EVENTS_MAX + below(300) : below(12));
      if (below(4) === 0) await (w.up ? w.killUplink() : w.startUplink());
      if (below(8) === 0) w.hangUp();
      // what no uplink has heard dies with field: there is nobody to count it
      if (seed % 2 === 1 && w.up && below(8) === 0) w.restartField();
      await w.clock.advance(below(3) === 0 ? below(90_000) : 1 + below(500));
    }
    if (!w.up) await w.startUplink();
    for (const name of NAMES) w.moods.set(name, "well");
    w.raise(1);
    await w.clock.advance(400_000);
    for (const name of NAMES) {
      const has = w.has.get(name) ?? [];
      expect(seed % 2 === 0 ? covered(has) : accounted(has), `seed ${seed}, ${name}`).toBe(w.sent());
    }
    await w.killUplink();
  }
});

/** Of one boot: events that are had or said to be lost, each once. */
function covered(deliveries: readonly Delivery[]): number {
  const known = new Set<number>();
  for (const { event, lostBefore } of deliveries) {
    for (let one = event.sequence - lostBefore; one <= event.sequence; one++) known.add(one);
  }
  expect(Math.min(...known)).toBe(0);
  return known.size;
}

/** Events had and told to be lost, of all boots; a repetition is known by its two numbers. */
function accounted(deliveries: readonly Delivery[]): number {
  const seen = new Set<string>();
  let latest = [-1, -1];
  let sum = 0;
  for (const { event, lostBefore } of deliveries) {
    const key = `${event.bootId} ${event.sequence}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const now = [Number(event.bootId.slice("boot-".length)), event.sequence];
    expect(now[0] === latest[0] ? (now[1] ?? 0) > (latest[1] ?? 0) : (now[0] ?? 0) > (latest[0] ?? 0)).toBe(true);
    latest = now;
    sum += 1 + lostBefore;
  }
  return sum;
}
