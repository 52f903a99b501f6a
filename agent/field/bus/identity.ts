import type { Bus } from "./bus.ts";
import type { Outcome } from "./request.ts";

/** Parts of one identification: beyond this a device that says "more follows" for ever is believed no further. */
const PARTS_MAX = 32;

export interface IdentityQuery {
  readonly unit: number;
  /** 1 basic, 2 regular, 3 extended */
  readonly access: 1 | 2 | 3;
  readonly timeoutMs: number;
  readonly gapMs: number;
}

/**
 * Objects of a device's identification, function 43/14, each part a transaction of its own on the bus; or how the first
 * part that failed ended.
 * @see Modbus application protocol V1.1b3 §6.21
 */
export function readIdentity(
  bus: Pick<Bus, "submit">,
  query: IdentityQuery,
  done: (said: ReadonlyMap<number, string> | Outcome) => void,
): void {
  const objects = new Map<number, string>();
  let parts = 0;
  const ask = (object: number): void => {
    const { unit, access, timeoutMs, gapMs } = query;
    bus.submit({ request: { function: 43, unit, access, object }, timeoutMs, gapMs, done: heard });
  };
  const heard = (outcome: Outcome): void => {
    if (outcome.kind !== "identity") return done(outcome);
    const before = objects.size;
    for (const [id, text] of outcome.objects) objects.set(id, text);
    parts++;
    if (outcome.next === undefined || objects.size === before || parts === PARTS_MAX) return done(objects);
    ask(outcome.next);
  };
  ask(0);
}
