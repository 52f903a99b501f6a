import { describe, test } from "vitest";

/** One promise of an interface. It rejects when the promise is broken; what it needs it makes and frees itself. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** The same cases also run without vitest, in a process that has the product's flags: see `product-flags.ts`. */
export function keepsContract(who: string, cases: readonly ContractCase[]): void {
  describe(who, () => {
    for (const { name, run } of cases) test(name, run);
  });
}
