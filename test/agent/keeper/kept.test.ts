import { expect, test } from "vitest";
import type { ConfigReport } from "../../../agent/contract/report.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { openWorld, snapshot } from "./world.ts";

const report: ConfigReport = {
  file: "gateway.yaml",
  findings: [{ code: "CONFIG_KEY_UNKNOWN", line: 3, column: 1, path: "busses", message: "unknown key", hint: "buses" }],
};

test("two configurations in a row that a room refuses bring back the one that ran before both", async () => {
  await using world = await openWorld();
  const uplink = await world.uplink("");
  const field = await world.field("");
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  await world.settle();
  field.say({ kind: "configured", digest: snapshot(1).digest });
  uplink.say({ kind: "configured", digest: snapshot(1).digest });
  await world.settle();
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(2) } });
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(3) } });
  await world.settle();
  for (const generation of [2, 3]) {
    const refused = { digest: snapshot(generation).digest, code: "FIELD_CONFIG_REFUSED", message: "no" };
    field.say({ kind: "configured", digest: snapshot(1).digest, refused });
    await world.settle();
  }
  uplink.say({ kind: "configured", digest: snapshot(2).digest });
  await world.settle();
  expect(uplink.heard.findLast((message) => message.kind === "configure")).toMatchObject({
    digest: snapshot(1).digest,
  });
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({ status: { site: "north" } });
});

test("a refusal that comes after keeper was started again still brings the one before back", async () => {
  const disk = memoryDisk();
  {
    await using world = await openWorld(disk);
    const uplink = await world.uplink("");
    const field = await world.field("");
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
    await world.settle();
    field.say({ kind: "configured", digest: snapshot(1).digest });
    uplink.say({ kind: "configured", digest: snapshot(1).digest });
    await world.settle();
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(2) } });
  }
  await using world = await openWorld(disk);
  const field = await world.field(snapshot(1).digest);
  const refused = { digest: snapshot(2).digest, code: "FIELD_CONFIG_REFUSED", message: "no" };
  field.say({ kind: "configured", digest: snapshot(1).digest, refused });
  await world.settle();
  const uplink = await world.uplink(snapshot(2).digest);
  expect(uplink.heard.filter((message) => message.kind === "configure")).toMatchObject([
    { digest: snapshot(1).digest },
  ]);
});

test("why the newest file is not the one running outlives a restart of keeper", async () => {
  const disk = memoryDisk();
  {
    await using world = await openWorld(disk);
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
    await world.ask({ kind: "report-config", report });
  }
  {
    await using world = await openWorld(disk);
    const uplink = await world.uplink(snapshot(1).digest);
    expect(uplink.heard).toEqual([{ kind: "notice", configReport: report }]);
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  }
  await using world = await openWorld(disk);
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({ status: { configReport: null } });
});

test("a configuration that cannot be stored is refused and told to everyone; the one before goes on", async () => {
  const disk = memoryDisk();
  await using world = await openWorld(disk);
  const uplink = await world.uplink("");
  await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  await world.settle();
  disk.failSyncs(1_000);
  expect(await world.ask({ kind: "apply-config", snapshot: { ...snapshot(2) } })).toMatchObject({
    refused: { code: "CONFIG_NOT_STORED" },
  });
  await world.settle();
  const [finding] = uplink.heard.flatMap(
    (message) => (message.kind === "notice" ? message.configReport?.findings : []) ?? [],
  );
  expect(finding?.code).toBe("CONFIG_NOT_STORED");
  expect(uplink.heard.filter((message) => message.kind === "configure")).toHaveLength(1);
});

test("a disk that cannot be read does not keep keeper from starting, and status says what is wrong", async () => {
  const disk = memoryDisk();
  {
    await using world = await openWorld(disk);
    await world.ask({ kind: "apply-config", snapshot: { ...snapshot(1) } });
  }
  disk.failReads(1_000);
  await using world = await openWorld(disk);
  expect(await world.ask({ kind: "status-query", points: false })).toMatchObject({
    kind: "gateway-status",
    status: { configReport: { findings: [{ code: "CONFIG_UNREADABLE" }] } },
  });
});
