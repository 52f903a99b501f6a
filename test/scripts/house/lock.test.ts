import { expect, test } from "vitest";
import { lockFaults, trimDangling } from "../../../scripts/house/lock.ts";
import type { Lock } from "../../../scripts/house/lock.ts";

const hash = "sha512-x";

test("a platform's build that the registry lacked is no longer asked for, and the others still are", () => {
  const lock: Lock = {
    packages: {
      "": { optionalDependencies: { "tool-mars": "1.0.0" } },
      "node_modules/tool": { integrity: hash, optionalDependencies: { "tool-x64": "1.0.0", "tool-mars": "1.0.0" } },
      "node_modules/tool-x64": { version: "1.0.0", integrity: hash },
    },
  };
  expect(trimDangling(lock)).toEqual(["(root): tool-mars@1.0.0", "node_modules/tool: tool-mars@1.0.0"]);
  expect(lock.packages["node_modules/tool"]?.optionalDependencies).toEqual({ "tool-x64": "1.0.0" });
  expect(lock.packages[""]).toEqual({});
});

test("the same name at another version does not count, one in a nearer folder does", () => {
  const lock: Lock = {
    packages: {
      "node_modules/tool-x64": { version: "2.0.0", integrity: hash },
      "node_modules/far/node_modules/tool": { integrity: hash, optionalDependencies: { "tool-x64": "1.0.0" } },
      "node_modules/near/node_modules/tool": { integrity: hash, optionalDependencies: { "tool-x64": "1.0.0" } },
      "node_modules/near/node_modules/tool-x64": { version: "1.0.0", integrity: hash },
    },
  };
  expect(trimDangling(lock)).toEqual(["node_modules/far/node_modules/tool: tool-x64@1.0.0"]);
});

test("a package without a hash and a registry's address are faults", () => {
  const lock: Lock = {
    packages: { "": {}, "node_modules/a": {}, "node_modules/b": { integrity: hash, resolved: "somewhere" } },
  };
  expect(lockFaults(lock)).toEqual([
    "node_modules/a: no integrity hash",
    "node_modules/b: names a registry (resolved)",
  ]);
});
