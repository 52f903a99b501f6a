import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";
import type { AlarmEvent, AlarmEventsTaken } from "../../contract/alarms.ts";
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
 * receivers have it or have counted its loss, so what dies with this process comes again.
 */
export class Notifier {
  readonly #parts: NotifierParts;
  #running: readonly Running[] = [];
  #origin: Origin | undefined;
  #send: ((message: AlarmEventsTaken) => void) | undefined;
  /** latest event heard, and how far it was said to be taken, of one boot of `field` */
  #heard: { readonly bootId: string; sequence: number; taken: number } | undefined;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** These receivers from now on. One that stays as it was keeps its queue; what waits for one that goes is gone with it. */
  async configure(part: Notified): Promise<void> {
    const { interfaceNames, notify = [] } = part;
    const moved =
      this.#origin !== undefined && !(this.#origin.site === part.site && this.#origin.device === part.device);
    this.#origin = { site: part.site, device: part.device };
    const before = this.#running;
    this.#running = notify.map((snapshot) => {
      const same = before.find(({ sink }) => !moved && sink.isOf(snapshot, interfaceNames));
      return same ?? this.#start(snapshot, part);
    });
    const gone = before.filter((one) => !this.#running.includes(one));
    await stopAll(gone);
    this.#settle();
  }

  /** A conversation with `field` begins or ends; it begins with every event that is not taken. */
  field(send: ((message: AlarmEventsTaken) => void) | undefined): void {
    this.#send = send;
    if (this.#heard !== undefined) this.#heard.taken = -1;
  }

  receive(event: AlarmEvent): void {
    const heard = this.#heard;
    const sameBoot = heard?.bootId === event.bootId;
    if (sameBoot && event.sequence <= heard.sequence) return this.#settle();
    // before the first one of a boot, what is missing may have been delivered by an uplink that ran before
    const missed = sameBoot ? event.sequence - heard.sequence - 1 : event.lost;
    this.#heard = { bootId: event.bootId, sequence: event.sequence, taken: sameBoot ? heard.taken : -1 };
    for (const { sink } of this.#running) {
      if (missed > 0) sink.missed(missed);
      sink.offer(event);
    }
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

  #start(snapshot: AlarmSinkSnapshot, { interfaceNames, site, device }: Notified): Running {
    const sink = new Sink(this.#parts, snapshot, this.#parts.receiver(snapshot, { site, device }), interfaceNames);
    const over = new AbortController();
    return { sink, over, done: sink.run(() => this.#settle(), over.signal) };
  }

  /** Says how far `field` may forget. Without a configuration nobody knows who is to be told: it keeps everything. */
  #settle(): void {
    const heard = this.#heard;
    if (heard === undefined || this.#origin === undefined) return;
    const oldest = this.#running.map(({ sink }) => sink.oldest(heard.bootId) ?? heard.sequence + 1);
    const sequence = Math.min(heard.sequence, ...oldest.map((one) => one - 1));
    if (sequence <= heard.taken || sequence < 0) return;
    heard.taken = sequence;
    this.#send?.({ kind: "alarm-events-taken", bootId: heard.bootId, sequence });
  }
}

async function stopAll(running: readonly Running[]): Promise<void> {
  for (const { over } of running) over.abort(new Error("no longer a receiver"));
  await Promise.all(running.map(({ done }) => done));
}
