import type { ConversationListener } from "./conversation.ts";
import { EchoHabit } from "./echo-habit.ts";
import type { Findings, Instant } from "./findings.ts";
import { requestText } from "./function-name.ts";
import type { HeardReply, HeardRequest } from "./heard-pdu.ts";
import type { Ledger, UnitRecord } from "./ledger.ts";
import { LASTING_MS, Suspicions } from "./suspicions.ts";

/** Sightings after which what was heard is no accident. */
const ENOUGH = 2;
/** Writes whose length and values must agree: noise does not pass for one in the life of a gateway. */
const CERTAIN_WRITES: ReadonlySet<number> = new Set([5, 15, 16, 23]);
/** Questions and answers that are the same bytes. */
const SAME_BOTH_WAYS: ReadonlySet<number> = new Set([5, 6, 22]);
/** Just after opening a line, answers to what an earlier process asked may still come. */
const NEWCOMER_MS = 5_000;
/** Requests named in one piece of evidence. */
const NAMED_MAX = 3;
/** Questions to one unit that others answered, without an answer of its own between them, after which that is no accident. */
const ANSWERS_FOR_ANOTHER_ENOUGH = 3;

export interface ForeignersParts {
  readonly ledger: Ledger;
  readonly findings: Findings;
  readonly deviceOf: (unit: number) => string | undefined;
  /** others are expected: nobody is accused of asking */
  readonly listenOnly: boolean;
  /** units that are not configured are worth an alarm */
  readonly unitsKnown: boolean;
  readonly now: () => Instant;
  readonly identified: (record: UnitRecord, objects: ReadonlyMap<number, string>, now: Instant) => void;
}

/** What others say on a serial line, noted in the ledger, and held against the plan. */
export class Foreigners implements ConversationListener {
  readonly #parts: ForeignersParts;
  readonly #suspicions = new Suspicions();
  readonly #named: string[] = [];
  #namedMore = false;
  #openedMs = Number.NEGATIVE_INFINITY;
  readonly #echo = new EchoHabit();

  constructor(parts: ForeignersParts) {
    this.#parts = parts;
  }

  /** Whether the line gives back what we send. */
  get echoing(): boolean {
    return this.#echo.echoing;
  }

  /** What an earlier process learnt of the line. */
  restore(echoing: boolean): void {
    this.#echo.echoing = echoing;
  }

  opened(): void {
    this.#openedMs = this.#parts.now().monotonicMs;
    this.#echo.opened();
  }

  echo(): void {
    if (this.#echo.saw(true)) this.#parts.ledger.changed = true;
  }

  unechoed(): void {
    if (this.#echo.saw(false)) this.#parts.ledger.changed = true;
  }

  asked(request: HeardRequest, planned: boolean): void {
    const { ledger, listenOnly, deviceOf, now } = this.#parts;
    const at = now();
    ledger.asked(request, planned, at.unixMs);
    if (listenOnly) return;
    const ambiguous = SAME_BOTH_WAYS.has(request.function);
    if (ambiguous && at.monotonicMs - this.#openedMs < NEWCOMER_MS) return;
    const addressed = request.unit === 0 || deviceOf(request.unit) !== undefined;
    const certain = CERTAIN_WRITES.has(request.function) || (request.write && addressed);
    if (certain || this.#suspicions.confirmed("asked", ENOUGH, at.monotonicMs)) this.#accuse(request, at);
  }

  answered(request: HeardRequest, reply: HeardReply, tookMs: number): void {
    const { ledger, listenOnly, now } = this.#parts;
    const at = now();
    const record = ledger.seen(reply.unit, at.unixMs);
    record.replies++;
    record.times.add(tookMs);
    if (reply.exception !== undefined) ledger.exception(record, reply.function, reply.exception);
    if (reply.identity !== undefined) this.#parts.identified(record, reply.identity, at);
    // a question and the answer that fits it: nobody made that up
    if (!listenOnly) this.#accuse(request, at);
    this.#onUnit(reply, at, true);
  }

  stray(reply: HeardReply): void {
    const at = this.#parts.now();
    this.#onUnit(reply, at, false);
  }

  answeredForAnother(asked: HeardRequest, reply: HeardReply): void {
    const { findings, ledger, deviceOf, now } = this.#parts;
    const at = now();
    if (!this.#suspicions.confirmed(`for ${asked.unit}`, ANSWERS_FOR_ANOTHER_ENOUGH, at.monotonicMs)) return;
    ledger.seen(reply.unit, at.unixMs);
    const what = answeredAsText(asked.unit, reply.unit, deviceOf);
    findings.seen("wrong-device", `unit-${asked.unit}`, what, this.#suspicions.since(`for ${asked.unit}`, at));
  }

  /** A reply of the wrong length says the same as one exception: once is an accident. */
  misfit(request: HeardRequest, replyBytes: number): void {
    const { findings, now, deviceOf } = this.#parts;
    const at = now();
    const key = `${request.unit}/${request.function}/${request.address}`;
    if (!this.#suspicions.confirmed(`misfit ${key}`, MISFITS_ENOUGH, at.monotonicMs, LASTING_MS)) return;
    const device = deviceOf(request.unit) ?? `unit ${request.unit}`;
    const what = `${device} answers ${requestText(request)} with ${replyBytes} bytes, ${request.replyBytes} were asked for`;
    findings.seen("changed-register-map", key, what, this.#suspicions.since(`misfit ${key}`, at));
  }

  /** A planned request was answered as asked: what was held against its answers is over. */
  fitted(request: { readonly unit: number; readonly function: number; readonly address: number }): void {
    if (this.#suspicions.none) return;
    this.#suspicions.forget(`misfit ${request.unit}/${request.function}/${request.address}`);
    this.#suspicions.forget(`for ${request.unit}`);
  }

  #accuse(request: HeardRequest, at: Instant): void {
    const { findings } = this.#parts;
    const text = requestText(request);
    this.#name(text);
    const named = `${this.#named.join("; ")}${this.#namedMore ? "; and others" : ""}`;
    findings.seen("second-master", "", `another master asks ${named}`, at);
    if (!request.write) return;
    const key = `unit-${request.unit}/function-${request.function}/${request.address}`;
    findings.seen("unplanned-write", key, `somebody else writes: ${text}`, at);
  }

  #name(text: string): void {
    if (this.#named.includes(text)) return;
    if (this.#named.length < NAMED_MAX) this.#named.push(text);
    else this.#namedMore = true;
  }

  #onUnit(reply: HeardReply, at: Instant, certain: boolean): void {
    const { findings, ledger, unitsKnown, deviceOf } = this.#parts;
    const { unit } = reply;
    if (deviceOf(unit) !== undefined) {
      ledger.seen(unit, at.unixMs);
      return;
    }
    if (!certain && !this.#suspicions.confirmed(`unit ${unit}`, ENOUGH, at.monotonicMs)) return;
    const record = ledger.seen(unit, at.unixMs);
    if (!certain) record.replies++;
    if (!unitsKnown) return;
    const what = `unit ${unit} answers (function ${reply.function}), and the configuration has no such unit`;
    findings.seen("unexpected-unit", `unit-${unit}`, what, at);
  }
}

/** Wrong lengths in a row, without a right answer between them, that are no accident. */
const MISFITS_ENOUGH = 3;

export function answeredAsText(asked: number, unit: number, deviceOf: (unit: number) => string | undefined): string {
  const [wanted, offered] = [asked, unit].map((one) => deviceOf(one));
  const whom = wanted === undefined ? `unit ${asked}` : `${wanted} (unit ${asked})`;
  const who = offered === undefined ? `unit ${unit}` : `${offered} (unit ${unit})`;
  return `${whom} was asked and ${who} answered in its place`;
}
