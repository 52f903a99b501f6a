import { expect, test } from "vitest";
import { inventoryCommand } from "../../../agent/cli/inventory.ts";
import { inventoryLines } from "../../../agent/cli/inventory-lines.ts";
import type { BusInventory } from "../../../agent/contract/inventory.ts";
import { printed, standInKeeper } from "./stand-in-keeper.ts";

const SINCE = Date.UTC(2026, 0, 1);
const LINE: BusInventory = {
  bus: "line-1",
  sinceMs: SINCE,
  listenOnly: false,
  echo: true,
  units: [
    {
      unit: 9,
      expected: false,
      firstSeenMs: SINCE,
      lastSeenMs: SINCE + 60_000,
      replies: 12,
      replyTime: { count: 12, p10Ms: 9, p50Ms: 12.2, p90Ms: 30 },
      exceptions: { "3:2": 4 },
      identity: { 0: "Works\u001b[2J" },
    },
  ],
  requests: [
    { unit: 9, function: 6, address: 4, quantity: 1, planned: false, count: 2, firstSeenMs: SINCE, lastSeenMs: SINCE },
  ],
  findings: [{ alarm: "unplanned-write", evidence: "line-1: somebody else writes", sinceMs: SINCE }],
};

function keeper() {
  return standInKeeper((request) => {
    if (request.kind !== "inventory-query") return undefined;
    const { id, bus } = request;
    const inventory = bus === "" || bus === "line-1" ? LINE : bus === "line-2" ? { ...LINE, bus } : null;
    return { kind: "inventory", id, buses: ["line-1", "line-2"], inventory };
  });
}

test("every bus is printed, with who is not configured, what was refused, who else asked, and nothing a terminal obeys", async () => {
  await using gateway = await keeper();
  const { io, said } = printed();
  expect(await inventoryCommand([], gateway.parts, io)).toBe(0);
  expect(said.out).toContain("line-1, seen since 2026-01-01 00:00:00Z, the line echoes our own bytes");
  expect(said.out).toContain("line-2, seen since");
  expect(said.out).toContain("unplanned-write: line-1: somebody else writes");
  expect(said.out).toMatch(/9\s+\(not configured\)\s.*12\s+12\s+30\s+4x code 2 to function 3\s+Works\?\[2J/u);
  expect(said.out).toContain("unit 9, function 6 (write single register), holding register 4: 2 times");
});

test("one bus as JSON, and a bus that does not exist with those that do", async () => {
  await using gateway = await keeper();
  const one = printed();
  expect(await inventoryCommand(["line-2", "--json"], gateway.parts, one.io)).toBe(0);
  expect(JSON.parse(one.said.out)).toEqual({ buses: [{ ...LINE, bus: "line-2" }] });
  const none = printed();
  expect(await inventoryCommand(["line-9"], gateway.parts, none.io)).toBe(1);
  expect(none.said.err).toContain('INVENTORY_BUS_UNKNOWN: no bus "line-9": there are line-1, line-2');
  expect(await inventoryCommand(["a", "b"], gateway.parts, none.io)).toBe(2);
});

test("a line on which only garbage is heard says what may be wrong", () => {
  const paint = (_colour: unknown, text: string): string => text;
  const lines = inventoryLines(
    { ...LINE, listenOnly: true, units: [], requests: [], findings: [], garbledBytes: 412 },
    paint,
  );
  expect(lines.join("\n")).toContain(
    "not one of 412 bytes belongs to a whole frame: is it another speed, parity or framing",
  );
});
