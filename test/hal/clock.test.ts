import { virtualClock } from "../../simulator/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { clockContract } from "./clock.contract.ts";
import { keepsContract } from "./contract.ts";
import { really } from "./real-time.ts";

keepsContract(
  "linuxClock",
  clockContract(() => ({ clock: linuxClock(), until: really })),
);

keepsContract(
  "virtualClock",
  clockContract(() => {
    const clock = virtualClock();
    return { clock, until: (condition) => clock.advanceUntil(condition, 10_000) };
  }),
);
