import type { Clock } from "../../../hal/clock.ts";
import { managementTopic } from "../../contract/mqtt.ts";
import type { ManagementIdentity } from "../../contract/mqtt.ts";
import type { UplinkToField } from "../../contract/field-uplink.ts";
import type { Roster, TelemetryMessage } from "../../contract/telemetry.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import type { NodeFacts } from "./birth.ts";
import { Contact } from "./contact.ts";
import { openEdgeNode } from "./edge-node.ts";
import type { EdgeNode, EdgeNodeEvents } from "./edge-node.ts";
import { CLOCK_STEP_MS, MARKS_IN_FLIGHT_MAX, WAITING_BYTES_MAX } from "./limits.ts";
import { MarkLedger } from "./mark-ledger.ts";
import type { MarkCounters } from "./mark-ledger.ts";
import type { MarkInFlight } from "./marks.ts";
import { Publisher } from "./publish.ts";
import { Turns } from "./turns.ts";
import type { Publishing } from "./turns.ts";
import { Window } from "./window.ts";
import type { Wire } from "./wire.ts";

export interface Identity extends EdgeNodeId, ManagementIdentity {}

/** Numbers that `status` shows; the session adds to them. */
export interface TelemetryCounters extends MarkCounters {
  dataMessages: number;
  births: number;
  writesRefused: number;
}

export interface TelemetryParts {
  readonly clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly version: string;
  readonly counters: TelemetryCounters;
  readonly events: EdgeNodeEvents;
  /**
   * How long after a host asked for it a rebirth begins, so that a whole fleet that is asked in one instant does not
   * answer in one; 0 where absent. No data goes meanwhile.
   */
  readonly rebirthDelayMs?: (id: Identity) => number;
}

interface Session extends Publishing {
  readonly id: Identity;
  readonly markTopic: string;
}

/**
 * Between `field` and the broker: what came, what was published, what was acknowledged. It holds no timer and no
 * connection; its caller tells it what happened and calls `round` every publishing period.
 */
export class Telemetry {
  readonly #parts: TelemetryParts;
  readonly #window = new Window();
  readonly #marks: MarkLedger;
  readonly #turns: Turns;
  readonly #contact = new Contact();
  #field: ((message: UplinkToField) => void) | undefined;
  #session: Session | undefined;
  #rebirthAtMs: number | undefined;
  #clockOffsetMs = 0;

  constructor(parts: TelemetryParts) {
    this.#parts = parts;
    this.#marks = new MarkLedger(parts.clock, this.#window, parts.counters, (mark) => this.#release(mark));
    this.#turns = new Turns(this.#window, this.#marks, parts.counters);
  }

  get bootId(): string {
    return this.#window.bootId;
  }

  /** When the oldest unacknowledged mark was sent, monotonic clock; undefined where none is. */
  get oldestMarkMs(): number | undefined {
    return this.#marks.oldestMs;
  }

  /** `field` is there. It speaks first: nothing is answered before its roster. */
  fieldOpened(send: (message: UplinkToField) => void): void {
    this.#window.opened();
    this.#field = send;
    this.#contact.field(send);
  }

  fieldClosed(): void {
    this.#field = undefined;
    this.#contact.field(undefined);
  }

  /** `field` has been away too long to vouch for any device. */
  fieldSilent(): void {
    for (const source of this.#window.sources) source.online = false;
  }

  /** @returns what is wrong with the message, undefined where nothing is: its sender is then to be cut off */
  receive(message: TelemetryMessage): string | undefined {
    if (message.kind === "batch") return this.#window.batch(message, this.#parts.clock.wall().unixMs);
    if (message.kind === "gap") return this.#window.gap(message);
    if (message.kind === "source-state") return this.#window.state(message);
    this.#adopt(message);
    return undefined;
  }

  /** A connection whose CONNECT carried `bdSeq` in its Will: births go out at once. */
  brokerOpened(id: Identity, bdSeq: number, wire: Wire): void {
    const node = openEdgeNode(id, bdSeq, wire, this.#parts.events);
    const publisher = new Publisher(node, ({ name: source }, sequence, reason) => {
      const { bootId, gaps } = this.#window;
      gaps.add({ bootId, source, from: sequence, to: sequence, reason, fromField: 0 });
    });
    this.#session = { id, node, publisher, markTopic: managementTopic(id, "mark") };
    this.#birth(node);
    this.#contact.broker(true);
  }

  brokerClosed(): void {
    this.#session = undefined;
    this.#contact.broker(false);
    this.#rebirthAtMs = undefined;
    this.#marks.abandon();
    this.#window.republish();
  }

  /** A host asked for births that have not begun yet: asking again adds nothing. */
  get rebirthPending(): boolean {
    return this.#rebirthAtMs !== undefined;
  }

  /** A host asked for it: data stops at once, births begin after the delay. */
  rebirth(): void {
    if (this.#session === undefined || this.rebirthPending) return;
    const delayMs = this.#parts.rebirthDelayMs?.(this.#session.id) ?? 0;
    if (delayMs > 0) this.#rebirthAtMs = this.#parts.clock.monotonicMs() + delayMs;
    else this.#birth(this.#session.node);
  }

  /** Publishes what is pending and marks it, as far as the broker keeps up and the wire allows. */
  round(): void {
    const session = this.#session;
    if (session === undefined) return;
    const { node } = session;
    const nowMs = this.#parts.clock.wall().unixMs;
    if (this.#clockStepped()) this.#birth(node);
    if (this.#rebirthAtMs !== undefined) {
      if (this.#parts.clock.monotonicMs() < this.#rebirthAtMs) return;
      this.#birth(node);
    }
    if (!node.continueBirths(nowMs) || this.#marks.inFlight >= MARKS_IN_FLIGHT_MAX) return;
    this.#turns.serve(session, nowMs, () => node.wire.waitingBytes() < WAITING_BYTES_MAX);
    if (node.wire.allows("live")) node.tell(this.#facts(), nowMs);
    this.#marks.publish(node.wire, session.markTopic);
  }

  #adopt(roster: Roster): void {
    const session = this.#session;
    const adopted = this.#window.compare(roster);
    const nowMs = this.#parts.clock.wall().unixMs;
    const pending = this.#window.sources.some((source) => source.pending.length > 0);
    // after a rebirth was asked for no data may go before it
    if (adopted !== "same" && session !== undefined && pending && this.rebirthPending) this.#birth(session.node);
    // what is pending still belongs to the births that were published
    if (adopted !== "same" && session?.node.continueBirths(nowMs) === true) {
      this.#turns.serve(session, nowMs, () => true);
      this.#marks.publish(session.node.wire, session.markTopic);
    }
    this.#window.adopt(roster);
    if (adopted !== "same" && session !== undefined) this.#birth(session.node);
    this.#field?.({ kind: "credit", values: this.#window.credit });
    this.#contact.heard();
  }

  /** What the broker acknowledged is `field`'s to forget, if it is still the one that sent it. */
  #release({ bootId, epoch, sources, gaps }: MarkInFlight): void {
    if (epoch !== this.#window.epoch || bootId !== this.#window.bootId) return;
    const cursors = Object.fromEntries([...sources].map(([name, { to }]) => [name, to]));
    this.#window.release(cursors);
    const said = gaps.reduce((sum, gap) => sum + gap.fromField, 0);
    this.#field?.({ kind: "acknowledged", bootId, cursors, gaps: said });
    this.#field?.({ kind: "credit", values: this.#window.credit });
  }

  #birth(node: EdgeNode): void {
    this.#rebirthAtMs = undefined;
    this.#clockStepped();
    if (node.birth(this.#window.sources, this.#facts(), this.#parts.clock.wall().unixMs)) {
      this.#parts.counters.births += 1;
    }
  }

  /** Whether the wall clock was set since this was asked last. */
  #clockStepped(): boolean {
    const { clock } = this.#parts;
    const before = this.#clockOffsetMs;
    this.#clockOffsetMs = clock.wall().unixMs - clock.monotonicMs();
    return Math.abs(this.#clockOffsetMs - before) > CLOCK_STEP_MS;
  }

  #facts(): NodeFacts {
    const { clock, version, counters } = this.#parts;
    return {
      bootId: this.#window.bootId,
      version,
      clockTrust: clock.wall().trust,
      valuesDropped: this.#window.gaps.valuesDropped,
      writesRefused: counters.writesRefused,
    };
  }
}
