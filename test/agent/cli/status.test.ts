import { describe, expect, test } from "vitest";
import { statusCommand } from "../../../agent/cli/status.ts";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { gatewayStatus } from "./gateway-status.ts";
import { printed, standInKeeper } from "./stand-in-keeper.ts";

const report = {
  file: "gateway.yaml",
  findings: [{ code: "CONFIG_KEY_UNKNOWN", line: 1, column: 1, path: "x", message: "m", hint: "h" }],
};

test.each<[number, string, GatewayStatus]>([
  [0, "all is well", online()],
  [1, "the uplink is down", gatewayStatus()],
  [1, "a room does not answer", { ...online(), field: null }],
  [1, "the newest file is refused", { ...online(), configReport: report }],
  [1, "a bus is not open", withBus("waiting")],
])("it exits with %i where %s", async (code, _what, status) => {
  await using keeper = await standInKeeper((request) => ({ kind: "gateway-status", id: request.id, status }));
  const { io, said } = printed();
  expect(await statusCommand([], keeper.parts, io)).toBe(code);
  expect(said.out).toContain("Holdfast 0.1.0");
  expect(said.err).toBe("");
});

test("--json is one object on one line; points are asked for only where they are wanted", async () => {
  await using keeper = await standInKeeper(({ id }) => ({ kind: "gateway-status", id, status: online() }));
  const { io, said } = printed();
  await statusCommand(["--json"], keeper.parts, io);
  await statusCommand(["--points"], keeper.parts, printed().io);
  expect(said.out.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(said.out)).toEqual(online());
  expect(keeper.heard).toMatchObject([{ points: false }, { points: true }]);
});

test("a gateway that is not there, hangs or hangs up is told apart with a code, and exits with 1", async () => {
  const hanging = await standInKeeper(() => undefined);
  const waited = printed();
  const waiting = statusCommand([], hanging.parts, waited.io);
  await hanging.clock.advance(5_000);
  expect(await waiting).toBe(1);
  expect(waited.said.err).toMatch(/^holdfast: CONTROL_NO_REPLY: .*gave no answer/);
  const leaving = printed();
  const left = statusCommand([], hanging.parts, leaving.io);
  await hanging.clock.advance(0);
  await hanging[Symbol.asyncDispose]();
  await hanging.clock.advance(0);
  expect(await left).toBe(1);
  expect(leaving.said.err).toContain("CONTROL_NO_REPLY: keeper hung up");
  const alone = printed();
  expect(await statusCommand([], hanging.parts, alone.io)).toBe(1);
  expect(alone.said.err).toContain("CONTROL_UNREACHABLE");
});

describe("--watch on a terminal", () => {
  const HOME = "\u001b[H";

  test("draws in place every second with every value, no higher than the window, and outlives a gateway that is away", async () => {
    let there = true;
    await using keeper = await standInKeeper(({ id }) =>
      there ? { kind: "gateway-status", id, status: gatewayStatus() } : undefined,
    );
    const { io, said } = printed();
    const terminal = { ...io, out: (text: string) => io.out(text), isTty: true, columns: 80, rows: 8 };
    void statusCommand(["--watch", "--lang=de"], keeper.parts, terminal);
    const screens = () => said.out.split(HOME).slice(1);
    await keeper.clock.advance(2_100);
    expect(screens()).toHaveLength(3);
    for (const screen of screens()) expect(screen.split("\n").length).toBeLessThanOrEqual(8);
    expect(screens()[0]).toContain("weitere Zeilen: Fenster vergrößern");
    expect(screens()[0]?.split("\n")[0]).toContain("Holdfast 0.1.0");
    expect(said.out).not.toContain("\u001b[2J");
    expect(keeper.heard).toMatchObject([{ points: true }, { points: true }, { points: true }]);
    there = false;
    await keeper.clock.advance(7_000);
    expect(screens().at(-1)).toContain("CONTROL_NO_REPLY");
    there = true;
    await keeper.clock.advance(6_000);
    expect(screens().at(-1)).toContain("Holdfast 0.1.0");
    expect(said.err).toBe("");
  });

  test("ends at once where there was no gateway to begin with", async () => {
    const keeper = await standInKeeper(() => undefined);
    await keeper[Symbol.asyncDispose]();
    const { io, said } = printed();
    expect(await statusCommand(["--watch"], keeper.parts, { ...io, isTty: true })).toBe(1);
    expect(said.err).toContain("CONTROL_UNREACHABLE");
  });
});

test("an option that does not exist is a wrong use", async () => {
  await using keeper = await standInKeeper(() => undefined);
  expect(await statusCommand(["--pionts"], keeper.parts, printed().io)).toBe(2);
});

function online(): GatewayStatus {
  const status = gatewayStatus();
  if (status.uplink === null) throw new TypeError("not this gateway");
  return { ...status, uplink: { ...status.uplink, state: "online" } };
}

function withBus(state: "waiting"): GatewayStatus {
  const status = online();
  if (status.field === null) throw new TypeError("not this gateway");
  return { ...status, field: { ...status.field, buses: status.field.buses.map((bus) => ({ ...bus, state })) } };
}
