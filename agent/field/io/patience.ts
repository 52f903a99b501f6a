import type { Clock } from "../../../hal/clock.ts";

/** A line that has not answered for so long does not work, whatever it does later. */
export const HANG_MS = 5_000;
/** The gateway goes on without a line that is being closed, after so long. */
const CLOSE_MS = 1_000;

/** Resolves when `work` has, or once nobody waits for it any longer: a driver that hangs must not hold up everything else. */
export async function closed(clock: Clock, work: Promise<void> | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _giveUp = clock.after(CLOSE_MS, resolve);
  await Promise.race([work, promise]);
}
