import type { Clock } from "../../hal/clock.ts";
import type { Wire } from "../wire.ts";
import type { ModbusDevice } from "./device.ts";

const BABBLE_BYTES_MAX = 16;

/** Sends a device's babble for as long as that fault is active, at random times around its period. */
export function startBabble(clock: Clock, wire: Wire, device: ModbusDevice): Disposable {
  const { entropy, faults } = device;
  let armed: Disposable | undefined;

  function arm(): void {
    armed?.[Symbol.dispose]();
    armed = undefined;
    const babble = faults.babble();
    if (babble === undefined) return;
    // half to one and a half of the period: random, yet with a bound that tests can count on
    armed = clock.after(babble.everyMs * (0.5 + entropy.fraction()), () => {
      const now = faults.babble();
      if (now !== undefined) {
        const bytesMax = now.bytesMax ?? BABBLE_BYTES_MAX;
        wire.send(entropy.bytes(1 + Math.floor(entropy.fraction() * bytesMax)));
        faults.useBabble();
      }
      arm();
    });
  }

  const watching = faults.watch(arm);
  arm();
  return {
    [Symbol.dispose]() {
      watching[Symbol.dispose]();
      armed?.[Symbol.dispose]();
    },
  };
}
