import type { ClockTrust } from "../../../hal/clock.ts";
import type { ByteStream } from "../../../hal/network.ts";
import { openChannel } from "../../contract/channel.ts";
import type { Channel } from "../../contract/channel.ts";
import { decodeUplinkToField } from "../../contract/decode.ts";
import type { FieldFacts } from "../../contract/health.ts";
import { scalarsOf } from "../../contract/telemetry.ts";
import type { FieldToUplink, UplinkToField } from "../../contract/field-uplink.ts";
import type { Shown } from "../../contract/shown.ts";
import type { SourceState } from "../../contract/telemetry.ts";
import type { AlarmEvents } from "../alarms/events.ts";
import { AlarmFeed } from "./alarm-feed.ts";
import type { Outbox, OutboxListener } from "./outbox.ts";
import { rosterOf } from "./roster.ts";

export interface UplinkSessionParts {
  readonly bootId: string;
  readonly events: AlarmEvents;
  /** whether a broker takes telemetry now */
  readonly contact: (online: boolean) => void;
}

/** One connection of the uplink: the roster first, then values as far as it has given credit, and alarm events. */
export class UplinkSession implements OutboxListener {
  readonly #outbox: Outbox;
  readonly #parts: UplinkSessionParts;
  readonly #alarms: AlarmFeed;
  readonly #channel: Channel<FieldToUplink>;
  #creditValues = 0;
  #sentValues = 0;
  #full = false;
  /** latest state of each source that turned while the peer did not read */
  readonly #turned = new Map<number, SourceState>();

  constructor(stream: ByteStream, outbox: Outbox, parts: UplinkSessionParts) {
    this.#outbox = outbox;
    this.#parts = parts;
    this.#channel = openChannel<UplinkToField, FieldToUplink>(stream, decodeUplinkToField, (message) =>
      this.#receive(message),
    );
    this.#alarms = new AlarmFeed(parts.events, (event) => this.#channel.send(event));
    this.relayout();
    const { bootId, events } = parts;
    this.#channel.send({ kind: "alarm-receivers", bootId, receivers: [...events.receivers] });
    events.listener = () => this.#tellAlarms();
    this.#tellAlarms();
  }

  /** Resolves, with the reason where the peer sent what it may not, once the connection is gone. */
  get closed(): Channel<FieldToUplink>["closed"] {
    return this.#channel.closed;
  }

  close(): void {
    this.#channel.close();
  }

  /** What exists has changed. */
  relayout(): void {
    this.#outbox.collect();
    this.#turned.clear();
    this.#channel.send(rosterOf(this.#parts.bootId, this.#outbox.revision, this.#outbox.sources));
    this.filled();
  }

  filled(): void {
    if (this.#full) return;
    for (const gap of this.#outbox.tellGaps()) this.#channel.send(gap);
    for (;;) {
      const batch = this.#outbox.send(this.#creditValues - this.#sentValues);
      if (batch === undefined) return;
      this.#sentValues += scalarsOf(batch);
      if (!this.#channel.send(batch)) return this.#holdBack();
    }
  }

  turned(source: number, online: boolean, timeMs: number, trust: ClockTrust): void {
    this.filled();
    const state = { kind: "source-state", revision: this.#outbox.revision, source, online, trust, timeMs } as const;
    if (this.#full) this.#turned.set(source, state);
    else this.#channel.send(state);
  }

  /** False while the peer does not read. */
  health(facts: FieldFacts): boolean {
    if (!this.#full) this.#channel.send({ kind: "field-health", facts });
    return !this.#full;
  }

  /** Whether the peer reads what it is sent. */
  get reads(): boolean {
    return !this.#full;
  }

  shown(message: Shown): void {
    if (!this.#channel.send(message)) this.#holdBack();
  }

  #receive(message: UplinkToField): void {
    switch (message.kind) {
      case "credit":
        this.#creditValues = message.values;
        return this.filled();
      case "acknowledged":
        if (message.bootId === this.#parts.bootId) this.#outbox.acknowledged(message);
        return this.filled();
      case "alarm-events-taken":
        return this.#parts.events.taken(message);
      case "uplink-contact":
        return this.#parts.contact(message.online);
    }
  }

  #tellAlarms(): void {
    if (!this.#full && !this.#alarms.tell()) this.#holdBack();
  }

  /** The peer reads more slowly than we write: what waits is better kept here, where it is bounded. */
  #holdBack(): void {
    this.#full = true;
    void this.#channel.drained().then(() => {
      this.#full = false;
      for (const state of this.#turned.values()) this.#channel.send(state);
      this.#turned.clear();
      this.#tellAlarms();
      this.filled();
    });
  }
}
