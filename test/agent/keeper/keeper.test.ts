import { expect, test } from "vitest";
import type { Snapshot } from "../../../agent/config/snapshot.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import type { Channel } from "../../../agent/contract/channel.ts";
import { decodeControlReply, decodeKeeperToField, decodeKeeperToUplink } from "../../../agent/contract/decode.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { Dialer } from "../../../agent/contract/door.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import type { ConfigReport } from "../../../agent/contract/report.ts";
import type {
  ControlReply,
  ControlRequest,
  FieldToKeeper,
  KeeperToField,
  KeeperToUplink,
  UplinkToKeeper,
} from "../../../agent/contract/rooms.ts";
import { snapshotDigest } from "../../../agent/config/digest.ts";
import { STATUS_TIMEOUT_MS } from "../../../agent/keeper/room-link.ts";
import { runKeeper } from "../../../agent/keeper/room.ts";
import type { Disk } from "../../../hal/disk.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryDisk } from "../../../simulator/disk.ts";

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

/** A snapshot as far as keeper looks at it: two parts and their digest. */
function snapshot(generation: number): Snapshot {
  const parts = {
    field: { site: "north", device: "gw", queueValuesMax: 1_000, buses: [], generation },
    uplink: { site: "north", device: "gw", generation },
  };
  return { digest: snapshotDigest(parts), ...parts } as unknown as Snapshot;
}

async function openWorld(disk: Disk = memoryDisk()) {
  const clock = virtualClock();
  const doors = { field: memoryDoor(), uplink: memoryDoor(), control: memoryDoor() };
  const abort = new AbortController();
  const done = runKeeper(
    {
      clock,
      disk,
      field: doors.field.door,
      uplink: doors.uplink.door,
      control: doors.control.door,
      log: silentLog,
      version: "test",
    },
    abort.signal,
  );
  const settle = () => clock.advance(0);
  await settle();
  return {
    clock,
    settle,
    async field(digest: string) {
      return room<KeeperToField, FieldToKeeper>(doors.field.dialer, decodeKeeperToField, {
        kind: "configured",
        digest,
      });
    },
    async uplink(digest: string) {
      return room<KeeperToUplink, UplinkToKeeper>(doors.uplink.dialer, decodeKeeperToUplink, {
        kind: "configured",
        digest,
      });
    },
    async ask(request: { kind: ControlRequest["kind"]; snapshot?: object; report?: ConfigReport; points?: boolean }) {
      const stream = await doors.control.dialer.dial(AbortSignal.timeout(1_000));
      const reply = new Promise<ControlReply>((resolve) => {
        const channel = openChannel<ControlReply, ControlRequest>(stream, decodeControlReply, (answer) => {
          resolve(answer);
          channel.close();
        });
        channel.send({ id: 0, ...request } as ControlRequest);
      });
      // rooms that hang are waited for, a second and no longer
      await clock.advance(request.kind === "status-query" ? STATUS_TIMEOUT_MS : 0);
      return reply;
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await done;
    },
  };

  async function room<In, Out>(dialer: Dialer, decode: (value: unknown) => In | undefined, hello: Out) {
    const heard: In[] = [];
    const stream = await dialer.dial(AbortSignal.timeout(1_000));
    const channel: Channel<Out> = openChannel<In, Out>(stream, decode, (message) => heard.push(message));
    channel.send(hello);
    await settle();
    return { heard, say: (message: Out) => void channel.send(message) };
  }
}
