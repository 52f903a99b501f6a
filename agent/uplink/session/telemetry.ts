import type { Clock } from "../../../hal/clock.ts";
import { managementTopic } from "../../contract/mqtt.ts";
import type { ManagementIdentity } from "../../contract/mqtt.ts";
import type { FieldToUplink, Roster, UplinkToField } from "../../contract/telemetry.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import type { NodeFacts } from "./birth.ts";
import { openEdgeNode } from "./edge-node.ts";
import type { EdgeNode, EdgeNodeEvents } from "./edge-node.ts";
import { CLOCK_STEP_MS, MARKS_IN_FLIGHT_MAX, WAITING_BYTES_MAX } from "./limits.ts";
import { MarkLedger } from "./mark-ledger.ts";
import type { MarkCounters } from "./mark-ledger.ts";
import type { MarkInFlight } from "./marks.ts";
import { Publisher } from "./publish.ts";
import { lastSequence } from "./source.ts";
import type { Source } from "./source.ts";
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
}

interface Session {
  readonly id: Identity;
  readonly node: EdgeNode;
  readonly publisher: Publisher;
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
  #field: ((message: UplinkToField) => void) | undefined;
  #session: Session | undefined;
  #clockOffsetMs = 0;
  #turn = 0;

  constructor(parts: TelemetryParts) {
    this.#parts = parts;
    this.#marks = new MarkLedger(parts.clock, this.#window, parts.counters, (mark) => this.#release(mark));
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
  }

  fieldClosed(): void {
    this.#field = undefined;
  }

  /** `field` has been away too long to vouch for any device. */
  fieldSilent(): void {
    for (const source of this.#window.sources) source.online = false;
  }

  /** @returns what is wrong with the message, undefined where nothing is: its sender is then to be cut off */
  receive(message: FieldToUplink): string | undefined {
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
  }

  brokerClosed(): void {
    this.#session = undefined;
    this.#marks.abandon();
    this.#window.republish();
  }

  /** A host asked for it. */
  rebirth(): void {
    if (this.#session !== undefined) this.#birth(this.#session.node);
  }

  /** Publishes what is pending and marks it, as far as the broker keeps up. */
  round(): void {
    const session = this.#session;
    if (session === undefined) return;
    const nowMs = this.#parts.clock.wall().unixMs;
    if (this.#clockStepped()) this.#birth(session.node);
    if (!session.node.continueBirths(nowMs) || this.#marks.inFlight >= MARKS_IN_FLIGHT_MAX) return;
    this.#serveAll(session, nowMs, () => session.node.wire.waitingBytes() < WAITING_BYTES_MAX);
    session.node.tell(this.#facts(), nowMs);
    this.#marks.publish(session.node.wire, session.markTopic);
  }

  #adopt(roster: Roster): void {
    const session = this.#session;
    const adopted = this.#window.compare(roster);
    const nowMs = this.#parts.clock.wall().unixMs;
    // what is pending still belongs to the births that were published
    if (adopted !== "same" && session?.node.continueBirths(nowMs) === true) {
      this.#serveAll(session, nowMs, () => true);
      this.#marks.publish(session.node.wire, session.markTopic);
    }
    this.#window.adopt(roster);
    if (adopted !== "same" && session !== undefined) this.#birth(session.node);
    this.#field?.({ kind: "credit", values: this.#window.credit });
  }

  /** Each source in its turn while `more` says so; the next call goes on where this one stopped. */
  #serveAll(session: Session, nowMs: number, more: () => boolean): void {
    const { sources, orphans } = this.#window;
    let n = 0;
    for (; n < sources.length && more(); n++) {
      this.#serve(session, sources[(this.#turn + n) % sources.length] as Source, nowMs);
    }
    this.#turn = n < sources.length ? (this.#turn + n) % sources.length : 0;
    for (const orphan of orphans) this.#lose(orphan, "configuration-changed");
  }

  #serve({ id, node, publisher }: Session, source: Source, nowMs: number): void {
    let historical = false;
    if (source.pending.length > 0) {
      if (source.born || (!source.unbearable && node.bear(source, nowMs))) {
        this.#marks.cover(source);
        const published = publisher.values(id, source, nowMs);
        historical = published.historical;
        this.#parts.counters.dataMessages += published.messages;
      } else this.#lose(source, "too-large");
    } else if (source.online && !source.born && !source.unbearable) node.bear(source, nowMs);
    if (source.born && source.behind && !historical) {
      this.#parts.counters.dataMessages += publisher.current(id, source, nowMs).messages;
    }
    if (source.born && !source.online) node.die(source, nowMs);
  }

  #lose(source: Source, reason: "configuration-changed" | "too-large"): void {
    this.#marks.cover(source);
    const { bootId, gaps } = this.#window;
    for (const entry of source.pending) {
      const { first: from } = entry.batch;
      gaps.add({ bootId, source: source.name, from, to: lastSequence(entry), reason, fromField: 0 });
      source.unacknowledged.push(entry);
    }
    source.pending = [];
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
    this.#clockStepped();
    this.#parts.counters.births += 1;
    node.birth(this.#window.sources, this.#facts(), this.#parts.clock.wall().unixMs);
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
