import type { Outcome, Request } from "../bus/request.ts";
import { answeredAsText } from "./foreigners.ts";
import type { Findings, Instant } from "./findings.ts";
import { requestText } from "./function-name.ts";
import type { Ledger, UnitRecord } from "./ledger.ts";
import { LASTING_MS, Suspicions } from "./suspicions.ts";

/** Refusals in a row, without an answer between them, after which a range is gone for good. */
const REFUSALS_ENOUGH = 3;
/** Without an answer of the unit's own between them: a serial server may give a late one under the next question's number. */
const ANSWERS_FOR_ANOTHER_ENOUGH = 3;
const ILLEGAL_DATA_ADDRESS = 2;
const BROADCAST_UNIT = 0;
const READS_MAX = 4;

/** How our own transactions end: what it says about each device, and whether that still fits what it said before. */
export class OwnDevices {
  readonly #ledger: Ledger;
  readonly #findings: Findings;
  readonly #deviceOf: (unit: number) => string | undefined;
  readonly #suspicions = new Suspicions();

  constructor(ledger: Ledger, findings: Findings, deviceOf: (unit: number) => string | undefined) {
    this.#ledger = ledger;
    this.#findings = findings;
    this.#deviceOf = deviceOf;
  }

  /** @param tookMs from the end of the question */
  ended(request: Request, outcome: Outcome, tookMs: number, now: Instant): void {
    const { kind } = outcome;
    const said = kind === "data" || kind === "done" || kind === "identity" || kind === "exception";
    if (!said || request.unit === BROADCAST_UNIT) return;
    const record = this.#ledger.seen(request.unit, now.unixMs);
    record.replies++;
    record.times.add(tookMs);
    if (kind === "exception") this.#refused(record, request, outcome.code, now);
    else if (kind === "data") this.#answered(record, request);
    else if (kind === "identity") this.identified(record, outcome.objects, now);
  }

  answeredAs(asked: number, unit: number, now: Instant): void {
    const key = `for ${asked}`;
    if (!this.#suspicions.confirmed(key, ANSWERS_FOR_ANOTHER_ENOUGH, now.monotonicMs)) return;
    const what = answeredAsText(asked, unit, this.#deviceOf);
    this.#findings.seen("wrong-device", `unit-${asked}`, what, this.#suspicions.since(key, now));
  }

  /** What a unit says of itself: what it said first is kept, so that another device in its place stands out. */
  identified(record: UnitRecord, objects: ReadonlyMap<number, string>, now: Instant): void {
    const key = `unit-${record.unit}/identity`;
    for (const [object, text] of objects) {
      const before = record.identity.get(object);
      if (before === undefined || before === text) continue;
      const what = `${this.#name(record.unit)} said ${JSON.stringify(before)} of itself and now says ${JSON.stringify(text)}: another device?`;
      return this.#findings.seen("wrong-device", key, what, now, true);
    }
    for (const [object, text] of objects) this.#ledger.identified(record, object, text);
    this.#findings.over("wrong-device", key);
  }

  #answered(record: UnitRecord, request: Request): void {
    if (!isRead(request)) return;
    this.#ledger.answeredRange(record, rangeOf(request));
    // thousands of answers a second: words are only made where there is something to take back
    if (this.#suspicions.none && this.#findings.none) return;
    const key = rangeText(request);
    this.#suspicions.forget(key);
    this.#suspicions.forget(`for ${request.unit}`);
    this.#findings.over("changed-register-map", key);
    this.#findings.over("changed-register-map", `${request.unit}/${request.function}/${request.address}`);
  }

  #refused(record: UnitRecord, request: Request, exception: number, now: Instant): void {
    this.#ledger.exception(record, request.function, exception);
    if (!isRead(request) || exception !== ILLEGAL_DATA_ADDRESS || !record.ranges.has(rangeOf(request))) return;
    const key = rangeText(request);
    if (!this.#suspicions.confirmed(key, REFUSALS_ENOUGH, now.monotonicMs, LASTING_MS)) return;
    const what = `${this.#name(request.unit)} used to answer ${requestText({ ...request, quantity: request.count })}, and refuses it now (exception 2, illegal data address)`;
    this.#findings.seen("changed-register-map", key, what, this.#suspicions.since(key, now));
  }

  #name(unit: number): string {
    const device = this.#deviceOf(unit);
    return device === undefined ? `unit ${unit}` : `${device} (unit ${unit})`;
  }
}

type Read = Extract<Request, { readonly function: 1 | 2 | 3 | 4 }>;

function isRead(request: Request): request is Read {
  return request.function <= READS_MAX;
}

/** One number for function, address and count. */
function rangeOf(request: Read): number {
  return (request.function * ADDRESSES + request.address) * COUNTS + request.count;
}

const ADDRESSES = 0x1_0000;
const COUNTS = 0x1000;

function rangeText({ unit, function: code, address, count }: Read): string {
  return `${unit}/${code}:${address}+${count}`;
}
