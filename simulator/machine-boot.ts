import type { MachineBoot } from "../hal/machine-boot.ts";

/** A machine whose power can be cut: each {@link SimulatedBoot.restart} is another start of it. */
export interface SimulatedBoot extends MachineBoot {
  restart(): void;
}

export function simulatedBoot(): SimulatedBoot {
  let count = 1;
  return {
    id: () => Promise.resolve(`boot-${count}`),
    restart() {
      count++;
    },
  };
}
