import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Gap } from "../../../../agent/contract/telemetry.ts";
import { GAPS_MAX, GapLedger } from "../../../../agent/field/outbox/gap-ledger.ts";

describe("the ledger of gaps", () => {
  test("merges neighbours until they are told", () => {
    const ledger = new GapLedger();
    ledger.declare("d1", 0, 9, "queue-full");
    ledger.declare("d1", 10, 19, "queue-full");
    ledger.declare("d1", 20, 20, "configuration-changed");
    expect(ledger.tell()).toEqual([
      { kind: "gap", source: "d1", from: 0, to: 19, reason: "queue-full" },
      { kind: "gap", source: "d1", from: 20, to: 20, reason: "configuration-changed" },
    ]);
    ledger.declare("d1", 21, 30, "configuration-changed");
    expect(ledger.tell()).toEqual([{ kind: "gap", source: "d1", from: 21, to: 30, reason: "configuration-changed" }]);
    expect(ledger.tell()).toEqual([]);
  });

  test("tells again what was not acknowledged before the connection went", () => {
    const ledger = new GapLedger();
    for (const from of [0, 10, 20]) ledger.declare("d1", from, from + 4, "queue-full");
    expect(ledger.tell().length).toBe(3);
    ledger.acknowledged(1);
    ledger.declare("d1", 25, 29, "queue-full");
    ledger.forgetTelling();
    expect(ledger.tell().map(({ from, to }) => [from, to])).toEqual([
      [10, 14],
      [20, 29],
    ]);
  });

  test("stays bounded and loses nothing, whatever is declared, told and acknowledged", () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ source: fc.nat(3), skip: fc.nat(2), length: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 1, arbitrary: fc.constantFrom("tell" as const, "acknowledge" as const, "reconnect" as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4_000, size: "max" }), (steps) => {
        const ledger = new GapLedger();
        const next = [0, 0, 0, 0];
        const lost: { source: string; sequence: number }[] = [];
        const covered: Gap[] = [];
        let told: Gap[] = [];
        for (const one of steps) {
          if (one === "tell") told.push(...ledger.tell());
          else if (one === "acknowledge") {
            const count = Math.ceil(told.length / 2);
            covered.push(...told.splice(0, count));
            ledger.acknowledged(count);
          } else if (one === "reconnect") {
            ledger.forgetTelling();
            told = [];
          } else {
            const from = (next[one.source] as number) + one.skip;
            const to = from + one.length - 1;
            next[one.source] = to + 1;
            for (let sequence = from; sequence <= to; sequence++) lost.push({ source: `d${one.source}`, sequence });
            ledger.declare(`d${one.source}`, from, to, "queue-full");
          }
          expect(told.length).toBeLessThanOrEqual(256);
        }
        covered.push(...told);
        ledger.acknowledged(told.length);
        let rest = 0;
        for (let more = ledger.tell(); more.length > 0; more = ledger.tell()) {
          rest += more.length;
          covered.push(...more);
          ledger.acknowledged(more.length);
        }
        expect(rest).toBeLessThanOrEqual(GAPS_MAX);
        const bySource = Map.groupBy(covered, ({ source }) => source);
        for (const { source, sequence } of lost) {
          expect(bySource.get(source)?.some(({ from, to }) => from <= sequence && sequence <= to)).toBe(true);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
