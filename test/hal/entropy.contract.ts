import assert from "node:assert/strict";
import type { Entropy } from "../../hal/entropy.ts";
import type { ContractCase } from "./contract.ts";

export function entropyContract(make: () => Entropy): ContractCase[] {
  return [
    {
      name: "as many bytes as asked for, 1 to 65536, and never the same twice",
      async run() {
        const entropy = make();
        for (const count of [1, 16, 65_536]) assert.equal(entropy.bytes(count).length, count);
        assert.notDeepEqual(entropy.bytes(16), entropy.bytes(16));
        for (const count of [0, -1, 1.5, 65_537]) assert.throws(() => entropy.bytes(count), RangeError);
      },
    },
    {
      name: "every byte value comes about equally often",
      async run() {
        const seen = new Uint32Array(256);
        for (const byte of make().bytes(65_536)) seen[byte] = (seen[byte] ?? 0) + 1;
        // 256 expected, standard deviation 16: seven of them are beyond chance
        for (const count of seen) assert(Math.abs(count - 256) < 112, `${count} of 256`);
      },
    },
    {
      name: "fractions are spread over [0, 1)",
      async run() {
        const entropy = make();
        const fractions = Array.from({ length: 10_000 }, () => entropy.fraction());
        assert(fractions.every((fraction) => fraction >= 0 && fraction < 1));
        const mean = fractions.reduce((sum, fraction) => sum + fraction) / fractions.length;
        assert(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
      },
    },
  ];
}
