import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { DeviceSnapshot } from "../../config/snapshot.ts";

/** Shortest time a connection gets to come about; a bus of slower devices gives it as long as their longest timeout. */
const CONNECT_MS_MIN = 1_000;

/** A signal that aborts with `stop`, or when connecting takes too long. Disposing it leaves nothing behind. */
export function connectDeadline(
  clock: Clock,
  devices: readonly Pick<DeviceSnapshot, "timeoutMs">[],
  stop: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const limitMs = Math.max(CONNECT_MS_MIN, ...devices.map(({ timeoutMs }) => timeoutMs));
  const controller = new AbortController();
  const onStop = (): void => controller.abort(stop.reason);
  const timer = clock.after(limitMs, () => {
    controller.abort(new HalError("HAL_CONNECT_TIMEOUT", `no connection within ${limitMs} ms`));
  });
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      stop.removeEventListener("abort", onStop);
    },
  };
}
