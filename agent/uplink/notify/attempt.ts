import type { Clock } from "../../../hal/clock.ts";
import { NotifyError } from "./fault.ts";

/** Three informs of four seconds, or TCP, TLS and an answer over a slow modem. */
export const DELIVERY_MS_MAX = 15_000;

/** One attempt, which has its time. @throws {NotifyError} `NOTIFY_TIMEOUT` */
export async function withinTime(
  clock: Clock,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const late = new AbortController();
  using _timer = clock.after(DELIVERY_MS_MAX, () =>
    late.abort(new NotifyError("NOTIFY_TIMEOUT", `nothing was confirmed in ${DELIVERY_MS_MAX / 1_000} s`)),
  );
  const both = AbortSignal.any([signal, late.signal]);
  await untilAborted(work(both), both);
}

/** No longer waits for it once `signal` aborts. @throws the signal's reason */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
