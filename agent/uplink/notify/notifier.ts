import { isDeepStrictEqual } from "node:util";
import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";
import type { AlarmEventsTaken, AlarmReceivers } from "../../contract/alarm-cursors.ts";
import { ALARM_EVENTS_MAX } from "../../contract/alarms.ts";
import type { AlarmEvent } from "../../contract/alarms.ts";
import type { AlarmSinkStatus } from "../../contract/alarm-sinks.ts";
import type { Origin, Receiver } from "./receiver.ts";
import { Sink } from "./sink.ts";
import type { SinkParts } from "./sink.ts";

/** What of the uplink's configuration concerns receivers. */
export interface Notified extends Origin {
  readonly interfaceNames: readonly string[];
  readonly notify?: readonly AlarmSinkSnapshot[];
}

export interface NotifierParts extends SinkParts {
  readonly receiver: (sink: AlarmSinkSnapshot, origin: Origin) => Receiver;
}

interface Running {
  readonly sink: Sink;
  readonly over: AbortController;
  readonly done: Promise<void>;
}

/**
 * Alarm events from `field` to every receiver, whether or not a broker is there. `field` keeps each event until all
 * receivers have it or have counted its loss, and how far each of them is, so what dies with this process comes again.
 */
export class Notifier {
  readonly #parts: NotifierParts;
  #running: readonly Running[] = [];
  #origin: Origin | undefined;
  #send: ((message: AlarmEventsTaken) => void) | undefined;
  /** latest event heard of the boot that `field` is in; -1: none yet */
  #heard: { readonly bootId: string; readonly sequence: number } | undefined;
  /** on this conversation */
  #said: AlarmEventsTaken | undefined;
  /** the boot whose `field` may remember something that was said */
  #spokeOf: string | undefined;
  /** what `field` said before there was a configuration */
  #resumed: AlarmReceivers | undefined;
  #early: AlarmEvent[] = [];

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** These receivers from now on. What waits for one that goes is gone with it; one of the same name inherits it. */
  async configure(part: Notified): Promise<void> {
    const { interfaceNames, notify = [] } = part;
    const { site, device } = part;
    const moved = this.#origin !== undefined && !isDeepStrictEqual(this.#origin, { site, device });
    this.#origin = { site, device };
    const before = this.#running;
    this.#running = notify.map((snapshot) => {
      const namesake = before.find(({ sink }) => sink.snapshot.name === snapshot.name);
      const same = !moved && namesake?.sink.isOf(snapshot, interfaceNames) === true;
      return same ? namesake : this.#start(snapshot, part, namesake);
    });
    if (this.#resumed !== undefined) this.resume(this.#resumed);
    for (const event of this.#early) this.receive(event);
    this.#resumed = undefined;
    this.#early = [];
    await stopAll(before.filter((one) => !this.#running.includes(one)));
    this.#settle();
  }

  /** A conversation with `field` begins or ends; it begins with every event that is not taken. */
  field(send: ((message: AlarmEventsTaken) => void) | undefined): void {
    this.#send = send;
    this.#said = undefined;
    this.#resumed = undefined;
    this.#early = [];
  }

  /** What an uplink before this one said of its receivers, where there was one in this boot of `field`. */
  resume(message: AlarmReceivers): void {
    if (this.#origin === undefined) {
      this.#resumed = message;
      return;
    }
    const { bootId, receivers } = message;
    if (this.#heard?.bootId === bootId) return;
    this.#heard = { bootId, sequence: -1 };
    if (receivers.length > 0) this.#spokeOf = bootId;
    for (const { sink } of this.#running) {
      const cursor = receivers.find(({ name }) => name === sink.snapshot.name);
      if (cursor !== undefined) sink.begin(bootId, cursor.sequence, cursor.lost);
    }
    this.#settle();
  }

  receive(event: AlarmEvent): void {
    if (this.#origin === undefined) return this.#later(event);
    const { bootId, sequence } = event;
    const known = this.#heard?.bootId === bootId ? this.#heard.sequence : -1;
    this.#heard = { bootId, sequence: Math.max(known, sequence) };
    for (const { sink } of this.#running) sink.offer(event);
    this.#settle();
  }

  status(): readonly AlarmSinkStatus[] {
    return this.#running.map(({ sink }) => sink.status());
  }

  async stop(): Promise<void> {
    const before = this.#running;
    this.#running = [];
    this.#origin = undefined;
    await stopAll(before);
  }

  #start(snapshot: AlarmSinkSnapshot, { interfaceNames, site, device }: Notified, namesake?: Running): Running {
    const receiver = this.#parts.receiver(snapshot, { site, device });
    const sink = new Sink(this.#parts, snapshot, receiver, interfaceNames, namesake?.sink);
    const heard = this.#heard;
    if (namesake === undefined && heard !== undefined && heard.sequence >= 0) sink.begin(heard.bootId, heard.sequence);
    const over = new AbortController();
    const run = (): Promise<void> => sink.run(() => this.#settle(), over.signal);
    return { sink, over, done: namesake === undefined ? run() : namesake.done.then(run) };
  }

  /** Nobody knows yet who is to be told. `field` keeps no more of them either. */
  #later(event: AlarmEvent): void {
    this.#early.push(event);
    const [dropped, next] = this.#early;
    if (this.#early.length <= ALARM_EVENTS_MAX || dropped === undefined || next === undefined) return;
    const lost = dropped.lost + next.sequence - dropped.sequence;
    this.#early.splice(0, 2, { ...next, lost });
  }

  /** Says how far `field` may forget. Without a configuration nobody knows who is to be told: it keeps everything. */
  #settle(): void {
    const heard = this.#heard;
    if (heard === undefined || this.#origin === undefined) return;
    const receivers = this.#running.map(({ sink }) => sink.cursor(heard.bootId));
    const sequence = Math.min(heard.sequence, ...receivers.map((one) => one.sequence));
    const nothing = sequence < 0 && receivers.every((one) => one.sequence < 0 && one.lost === 0);
    if (nothing && this.#spokeOf !== heard.bootId) return;
    const message = { kind: "alarm-events-taken", bootId: heard.bootId, sequence, receivers } as const;
    if (isDeepStrictEqual(message, this.#said)) return;
    this.#said = message;
    this.#spokeOf = heard.bootId;
    this.#send?.(message);
  }
}

async function stopAll(running: readonly Running[]): Promise<void> {
  for (const { over } of running) over.abort(new Error("no longer a receiver"));
  await Promise.all(running.map(({ done }) => done));
}
