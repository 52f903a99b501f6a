import { createRequire, syncBuiltinESMExports } from "node:module";
import type { Clock } from "../hal/clock.ts";
import { virtualTimers } from "./timers.ts";

/**
 * Puts `clock` behind setTimeout, setInterval, their clear functions, Date and performance.now, for libraries that use
 * the globals; also behind `node:timers`. Call it before the libraries are loaded: some keep the functions they find.
 * setImmediate, queueMicrotask and nextTick stay real, and so do Node's own sockets and `AbortSignal.timeout`.
 */
export function installVirtualGlobals(clock: Clock): Disposable {
  const timers = virtualTimers(clock, { clearTimeout, clearInterval });
  const RealDate = Date;
  const nodeTimers = createRequire(import.meta.url)("node:timers") as Record<string, unknown>;
  const undo = [
    replace(globalThis, timers),
    replace(nodeTimers, timers),
    replace(globalThis, { Date: virtualDate(clock, RealDate) }),
    replace(performance, { now: () => clock.monotonicMs() }),
  ];
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      for (const restore of undo.splice(0).toReversed()) restore();
      syncBuiltinESMExports();
    },
  };
}

function replace(owner: object, values: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(values).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)] as const);
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(owner, key, { value, configurable: true, writable: true, enumerable: true });
  }
  return () => {
    for (const [key, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(owner, key);
      else Object.defineProperty(owner, key, descriptor);
    }
  };
}

/** `new Date()` and `Date.now()` read the clock; everything else, `instanceof` included, is the real Date's. */
function virtualDate(clock: Clock, RealDate: DateConstructor): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.wall().unixMs] : args, newTarget) as Date,
    apply: () => new RealDate(clock.wall().unixMs).toString(),
    get: (target, key) => (key === "now" ? () => clock.wall().unixMs : (Reflect.get(target, key) as unknown)),
  });
}
