import assert from "node:assert/strict";
import { every, sleep } from "../../hal/clock.ts";
import type { Clock } from "../../hal/clock.ts";
import type { ContractCase } from "./contract.ts";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Resolves once `condition` holds: virtual time is advanced, real time passes. */
  until(condition: () => boolean): Promise<void>;
}

/** Fractions matter: Node cuts them off. 1.75 ms is the silence between Modbus frames. */
const DELAYS_MS = [0, 0.1, 0.9, 1, 1.1, 1.75, 2, 2.5, 3.999, 4.01, 7.3];

export function clockContract(make: () => ClockUnderTest): ContractCase[] {
  return [
    {
      name: "monotonic time never goes back",
      async run() {
        const { clock } = make();
        let before = clock.monotonicMs();
        for (let i = 0; i < 10_000; i++) {
          const now = clock.monotonicMs();
          assert(now >= before);
          before = now;
        }
      },
    },
    {
      name: "a timer never fires before its delay has passed, however fractional",
      async run() {
        const { clock, until } = make();
        const early: string[] = [];
        let fired = 0;
        for (let round = 0; round < 20; round++) {
          for (const delayMs of DELAYS_MS) {
            const startMs = clock.monotonicMs();
            clock.after(delayMs, () => {
              fired++;
              const tookMs = clock.monotonicMs() - startMs;
              if (tookMs < delayMs) early.push(`${delayMs} ms took ${tookMs}`);
            });
          }
          const now = fired;
          await until(() => fired > now);
        }
        await until(() => fired === 20 * DELAYS_MS.length);
        assert.deepEqual(early, []);
      },
    },
    {
      name: "timers fire in the order of their instants",
      async run() {
        const { clock, until } = make();
        const order: number[] = [];
        for (const delayMs of [30, 10, 20]) clock.after(delayMs, () => order.push(delayMs));
        await until(() => order.length === 3);
        assert.deepEqual(order, [10, 20, 30]);
      },
    },
    {
      name: "a disposed timer never fires, and disposing twice or too late does nothing",
      async run() {
        const { clock, until } = make();
        let disposedFired = false;
        let fired = 0;
        const gone = clock.after(5, () => (disposedFired = true));
        const kept = clock.after(20, () => fired++);
        gone[Symbol.dispose]();
        gone[Symbol.dispose]();
        await until(() => fired === 1);
        kept[Symbol.dispose]();
        assert.equal(disposedFired, false);
        assert.equal(fired, 1);
      },
    },
    {
      name: "a callback may set and dispose timers",
      async run() {
        const { clock, until } = make();
        const order: string[] = [];
        const victim = clock.after(40, () => order.push("victim"));
        clock.after(2, () => {
          victim[Symbol.dispose]();
          clock.after(50, () => order.push("second"));
          order.push("first");
        });
        await until(() => order.includes("second"));
        assert.deepEqual(order, ["first", "second"]);
      },
    },
    {
      name: "a delay beyond 24.8 days is not cut to nothing",
      async run() {
        const { clock, until } = make();
        let fired = false;
        let waited = false;
        using _long = clock.after(2 ** 31 + 5, () => (fired = true));
        clock.after(30, () => (waited = true));
        await until(() => waited);
        assert.equal(fired, false);
      },
    },
    {
      name: "a delay that is no time is the caller's mistake",
      async run() {
        const { clock } = make();
        for (const delayMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
          assert.throws(() => clock.after(delayMs, () => {}), RangeError);
        }
      },
    },
    {
      name: "sleep ends when told to, with the signal's reason",
      async run() {
        const { clock, until } = make();
        const abort = new AbortController();
        const reason = new Error("enough");
        let caught: unknown;
        const sleeping = sleep(clock, 3_600_000, abort.signal).catch((error: unknown) => (caught = error));
        clock.after(5, () => abort.abort(reason));
        await until(() => caught !== undefined);
        await sleeping;
        assert.equal(caught, reason);
        await assert.rejects(sleep(clock, 1, abort.signal), reason);
      },
    },
    {
      name: "what comes round again comes each period, not at once, and never after its disposal",
      async run() {
        const { clock, until } = make();
        let rounds = 0;
        let other = false;
        const repeated = every(clock, 5, () => {
          rounds += 1;
          if (rounds === 3) repeated[Symbol.dispose]();
        });
        assert.equal(rounds, 0);
        const startMs = clock.monotonicMs();
        await until(() => rounds === 3);
        assert(clock.monotonicMs() - startMs >= 15);
        clock.after(20, () => (other = true));
        await until(() => other);
        assert.equal(rounds, 3);
      },
    },
    {
      name: "the wall clock gives whole milliseconds and says how far to believe them",
      async run() {
        const { unixMs, trust } = make().clock.wall();
        assert(Number.isInteger(unixMs));
        assert(["untrusted", "bounded", "trusted"].includes(trust));
      },
    },
  ];
}
