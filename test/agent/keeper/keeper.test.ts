import { expect, test } from "vitest";
import type { ConfigReport } from "../../../agent/contract/report.ts";
import { CONTROL_CONNECTIONS_MAX } from "../../../agent/keeper/control.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { openWorld, snapshot } from "./world.ts";

const report: ConfigReport = {
  file: "gateway.yaml",
  findings: [{ code: "CONFIG_KEY_UNKNOWN", line: 3, column: 1, path: "busses", message: "unknown key", hint: "buses" }],
};

test("a new configuration reaches each room as its own part, and only where it is not running already", async () => {
  await using world = await openWorld();
  const field = await world.field("");
  const uplink = await world.uplink(snapshot(1).digest);
  expect(await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } })).toEqual({ kind: "done", id: 0 });
  await world.settle();
  expect(field.heard).toEqual([{ kind: "configure", digest: snapshot(1).digest, part: snapshot(1).field }]);
  expect(uplink.heard.filter((message) => message.kind === "configure")).toEqual([]);
});

test("a room that starts later is handed the configuration then, and keeper remembers it over a restart", async () => {
  const disk = memoryDisk();
  {
    await using world = await openWorld(disk);
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  }
  await using world = await openWorld(disk);
  const uplink = await world.uplink("");
  expect(uplink.heard).toContainEqual({ kind: "configure", digest: snapshot(1).digest, part: snapshot(1).uplink });
});

test("a configuration that field refuses brings the one before back, for uplink too, and says why", async () => {
  await using world = await openWorld();
  const uplink = await world.uplink("");
  const field = await world.field("");
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  await world.settle();
  field.say({ kind: "configured", digest: snapshot(1).digest });
  uplink.say({ kind: "configured", digest: snapshot(1).digest });
  await world.settle();
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(2) } });
  await world.settle();
  uplink.say({ kind: "configured", digest: snapshot(2).digest });
  const refused = { digest: snapshot(2).digest, code: "FIELD_CONFIG_REFUSED", message: "line-1: no" };
  field.say({ kind: "configured", digest: snapshot(1).digest, refused });
  await world.settle();
  const handed = uplink.heard.flatMap((message) => (message.kind === "configure" ? [message.digest] : []));
  expect(handed).toEqual([snapshot(1).digest, snapshot(2).digest, snapshot(1).digest]);
  const reply = await world.ask({ kind: "status-query", points: false });
  expect(reply).toMatchObject({ status: { configReport: { findings: [{ code: "FIELD_CONFIG_REFUSED" }] } } });
});

test("a first configuration that is refused is not handed out again and again", async () => {
  await using world = await openWorld();
  const field = await world.field("");
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  await world.settle();
  const refused = { digest: snapshot(1).digest, code: "FIELD_CONFIG_REFUSED", message: "no" };
  field.say({ kind: "configured", digest: "", refused });
  await world.settle();
  expect(field.heard.filter((message) => message.kind === "configure")).toHaveLength(1);
});

test("a file that did not compile is told to uplink and shown in status, and changes nothing else", async () => {
  await using world = await openWorld();
  const uplink = await world.uplink("");
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  expect(await world.ask({ kind: "report-config", report })).toEqual({ kind: "done", id: 0 });
  await world.settle();
  expect(uplink.heard.at(-1)).toEqual({ kind: "notice", configReport: report });
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({ status: { configReport: report } });
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({ status: { configReport: null } });
});

test("a broken file on a gateway that never had a good one says that nothing runs", async () => {
  await using world = await openWorld();
  expect(await world.ask({ kind: "report-config", report })).toMatchObject({
    refused: { code: "CONFIG_NONE_RUNNING" },
  });
});

test("a snapshot whose digest is not its own is refused and nothing is stored", async () => {
  await using world = await openWorld();
  const field = await world.field("");
  const forged = { ...snapshot(1), field: snapshot(2).field };
  expect(await world.ask({ kind: "apply-config", snapshot: forged })).toMatchObject({
    refused: { code: "CONFIG_SNAPSHOT_MALFORMED" },
  });
  await world.settle();
  expect(field.heard).toEqual([]);
});

test("status is given within a second though a room hangs or is not there", async () => {
  await using world = await openWorld();
  await world.field("");
  expect(await world.ask({ kind: "status-query", points: true })).toMatchObject({
    kind: "gateway-status",
    status: { field: null, uplink: null },
  });
});

test("command lines that never leave do not use keeper up: one too many is hung up on, and one that leaves makes room", async () => {
  await using world = await openWorld();
  const streams = [];
  for (let i = 0; i < CONTROL_CONNECTIONS_MAX; i++) streams.push(await world.dialControl());
  const refused = await world.dialControl();
  await world.settle();
  expect(refused.destroyed).toBe(true);
  expect(streams.some(({ destroyed }) => destroyed)).toBe(false);
  streams[0]?.destroy();
  await world.settle();
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({ kind: "gateway-status" });
});
