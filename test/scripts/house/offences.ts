/** Files that the linter must refuse, each with the rule that fires: the proof that a rule is switched on and reaches. */
export interface Offence {
  readonly path: string;
  readonly source: string;
  readonly rule: string;
}

const arrow = (path: string, specifier: string): Offence => ({
  path,
  source: `import { x } from "${specifier}";\nexport const y = x;\n`,
  rule: "house(arrows)",
});

export const ARROWS: readonly Offence[] = [
  arrow("hal/clock.ts", "../crypto/digest.ts"),
  arrow("hal/disk.ts", "./linux/disk.ts"),
  arrow("crypto/digest.ts", "../hal/clock.ts"),
  arrow("update/install.ts", "../agent/contract/door.ts"),
  arrow("update/director.ts", "./publisher/sign.ts"),
  arrow("agent/contract/door.ts", "../config/schema.ts"),
  arrow("agent/contract/channel.ts", "../../crypto/digest.ts"),
  arrow("agent/config/schema.ts", "../keeper/room.ts"),
  arrow("agent/keeper/room.ts", "../field/room.ts"),
  arrow("agent/field/deep/inside/bus.ts", "../../../uplink/room.ts"),
  arrow("agent/uplink/room.ts", "../keeper/room.ts"),
  arrow("agent/uplink/tls.ts", "../../hal/linux/tls.ts"),
  arrow("agent/uplink/start.ts", "../main.ts"),
  arrow("agent/uplink/simulated.ts", "../../simulator/network.ts"),
  arrow("agent/uplink/version.ts", "../../package.json"),
  arrow("agent/gateway.ts", "../hal/linux/disk.ts"),
  arrow("agent/process/keeper.ts", "../../update/publisher/sign.ts"),
  arrow("fleet/device.ts", "../agent/keeper/room.ts"),
  arrow("fleet/watch.ts", "../hal/clock.ts"),
  arrow("simulator/plant.ts", "../agent/contract/point.ts"),
  arrow("simulator/pki.ts", "../crypto/digest.ts"),
  arrow("simulator/linux.ts", "../hal/linux/disk.ts"),
  arrow("scripts/demo.ts", "../test/scenarios/demo.ts"),
  arrow("agent/main.ts", "../test/x.ts"),
  { path: "agent/keeper/lazy.ts", source: `export const x = import("../field/room.ts");\n`, rule: "house(arrows)" },
  { path: "agent/keeper/again.ts", source: `export * from "../field/room.ts";\n`, rule: "house(arrows)" },
  { path: "agent/keeper/named.ts", source: `export { x } from "../field/room.ts";\n`, rule: "house(arrows)" },
  {
    path: "agent/keeper/type.ts",
    source: `import type { x } from "../field/room.ts";\nexport type Y = typeof x;\n`,
    rule: "house(arrows)",
  },
  {
    path: "agent/keeper/inline.ts",
    source: `export type X = typeof import("../field/room.ts");\n`,
    rule: "house(arrows)",
  },
];

const ROOMS = ["agent/keeper", "agent/field", "agent/uplink", "agent/contract", "agent/config", "crypto", "update"];
const MACHINE = [
  "fs",
  "net",
  "tls",
  "child_process",
  "worker_threads",
  "timers",
  "timers/promises",
  "perf_hooks",
  "process",
];
const GLOBALS = [
  "setTimeout(() => {}, 1)",
  "setInterval(() => {}, 1)",
  "setImmediate(() => {})",
  "Date.now()",
  "new Date(0)",
  "performance.now()",
  "crypto.randomUUID()",
  "process.env",
  "globalThis.setTimeout",
];

export const ROOM_BANS: readonly Offence[] = ROOMS.flatMap((folder, at) => [
  ...GLOBALS.map((text, index) => ({
    path: `${folder}/global-${index}.ts`,
    source: `export const x: unknown = ${text};\n`,
    rule: "eslint(no-restricted-globals)",
  })),
  {
    path: `${folder}/chance.ts`,
    source: "export const x = Math.random();\n",
    rule: "eslint(no-restricted-properties)",
  },
  {
    path: `${folder}/expiry.ts`,
    source: "export const x = AbortSignal.timeout(1);\n",
    rule: "eslint(no-restricted-properties)",
  },
  { path: `${folder}/said.ts`, source: `console.log("x");\n`, rule: "eslint(no-console)" },
  {
    path: `${folder}/salt.ts`,
    source: `import { randomBytes } from "node:crypto";\nexport const x = randomBytes;\n`,
    rule: "eslint(no-restricted-imports)",
  },
  { path: `${folder}/state.ts`, source: "export let x = 1;\nx = 2;\n", rule: "house(no-module-state)" },
  {
    path: `${folder}/cache.ts`,
    source: "export const x = new Map<string, string>();\n",
    rule: "house(no-module-state)",
  },
  // every module in one room, one module in every room
  ...MACHINE.filter((_, index) => at === 0 || index % ROOMS.length === at).map((module) => ({
    path: `${folder}/machine-${module.replace("/", "-").replace("_", "-")}.ts`,
    source: `import * as x from "node:${module}";\nexport const y = x;\n`,
    rule: "eslint(no-restricted-imports)",
  })),
]);

/** In two parts, or scripts/house/words.ts would refuse this file too. */
const IGNORED = ["// @ts-", "ignore\nexport const x = 1;\n"].join("");

export const HOUSE_RULES: readonly Offence[] = [
  ...["hal/linux", "agent/process", "agent/cli", "simulator", "scripts", "test"].map((folder) => ({
    path: `${folder}/base.ts`,
    source: `import * as x from "node:sqlite";\nexport const y = x;\n`,
    rule: "eslint(no-restricted-imports)",
  })),
  { path: "simulator/wait.ts", source: "setTimeout(() => {}, 1);\n", rule: "eslint(no-restricted-globals)" },
  { path: "simulator/now.ts", source: "export const x = Date.now();\n", rule: "eslint(no-restricted-globals)" },
  { path: "simulator/dice.ts", source: "export const x = Math.random();\n", rule: "eslint(no-restricted-properties)" },
  {
    path: "simulator/hidden.ts",
    source: `import { setTimeout as later } from "node:timers";\nexport const x = later;\n`,
    rule: "eslint(no-restricted-imports)",
  },
  { path: "hal/linux/said.ts", source: `console.log("x");\n`, rule: "eslint(no-console)" },
  {
    path: "hal/linux/floating.ts",
    source: "export async function f(): Promise<void> {}\nf();\n",
    rule: "typescript(no-floating-promises)",
  },
  {
    path: "hal/linux/misused.ts",
    source: "export const f = (g: () => void): void => g();\nf(async () => {});\n",
    rule: "typescript(no-misused-promises)",
  },
  {
    path: "hal/linux/half.ts",
    source: `export function f(x: "a" | "b"): number {\n  switch (x) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n`,
    rule: "typescript(switch-exhaustiveness-check)",
  },
  { path: "hal/linux/any.ts", source: "export const x = 1 as any;\n", rule: "typescript(no-explicit-any)" },
  {
    path: "hal/linux/types.ts",
    source: `import { Clock } from "../clock.ts";\nexport type X = Clock;\n`,
    rule: "typescript(consistent-type-imports)",
  },
  { path: "hal/linux/ignored.ts", source: IGNORED, rule: "typescript(ban-ts-comment)" },
  { path: "hal/linux/later.ts", source: "// TODO tidy\nexport const x = 1;\n", rule: "eslint(no-warning-comments)" },
  { path: "hal/linux/camelCase.ts", source: "export const x = 1;\n", rule: "unicorn(filename-case)" },
  { path: "hal/linux/long.ts", source: `${"\n".repeat(300)}export const x = 1;\n`, rule: "eslint(max-lines)" },
  {
    path: "hal/linux/circle.ts",
    source: `import { b } from "./circle-b.ts";\nexport const a = 1;\nexport const c = b;\n`,
    rule: "import(no-cycle)",
  },
  {
    path: "hal/linux/circle-b.ts",
    source: `import { a } from "./circle.ts";\nexport const b = a;\n`,
    rule: "import(no-cycle)",
  },
];

/** What must pass: the same words where they are right. */
export const INNOCENT: Readonly<Record<string, string>> = {
  "hal/clock.ts": "export interface Clock {\n  readonly now: number;\n}\n",
  "hal/linux/clock.ts": `import type { Clock } from "../clock.ts";\nexport const x: Clock = { now: Date.now() };\n`,
  "agent/process/field.ts": `import { x } from "../../hal/linux/clock.ts";\nimport { y } from "../field/room.ts";\nexport const z = [x, y, process.pid];\n`,
  "agent/field/room.ts": `import type { Clock } from "../../hal/clock.ts";\nexport const y = (clock: Clock): number => clock.now;\n`,
  "agent/field/table.ts": `export const CODES: ReadonlyMap<string, number> = new Map([["a", 1]]);\n`,
  "agent/config/host.ts": `import { isIP } from "node:net";\nimport type { SecureContext } from "node:tls";\nexport type X = SecureContext;\nexport const z = (x: string): number => isIP(x);\n`,
  "simulator/clock.ts": "export const x = (f: () => void): unknown => setTimeout(f, 1);\n",
  "scripts/demo.ts": `import { y } from "../agent/field/room.ts";\nimport { x } from "../simulator/clock.ts";\nconsole.log(x, y);\n`,
  "test/agent/field/room.test.ts": `import { y } from "../../../agent/field/room.ts";\nexport const x = [y, Date.now()];\n`,
};
