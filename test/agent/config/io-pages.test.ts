import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { edited, refusals } from "./gateway-file.ts";

const register = (name: string) => ({ name, table: "input-register", address: 0 });
const PLANT = [
  { name: "well", unit: 1, points: [register("level")] },
  { name: "valve", unit: 2, points: [register("position")] },
  { name: "pump-1", unit: 3, points: [{ name: "running", table: "discrete-input", address: 0 }] },
];

test.each(["housing", "modbus-server"])("what the page %s tells people to write is right", (page) => {
  const text = readFileSync(new URL(`../../../docs/operate/${page}.md`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^( *)```yaml\n([\s\S]*?)\n *```$/gmu)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, indent = "", block = ""] of blocks) {
    const part = parse(block.replaceAll(new RegExp(`^${indent}`, "gmu"), "")) as Record<string, unknown>;
    expect(refusals(edited({ ...part, "buses.0.devices": PLANT }))).toEqual([]);
  }
});
