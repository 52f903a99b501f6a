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
  OutputsOrder,
  UplinkToKeeper,
} from "../../../agent/contract/rooms.ts";
import { snapshotDigest } from "../../../agent/config/digest.ts";
import { ANSWER_TIMEOUT_MS } from "../../../agent/keeper/room-link.ts";
import { runKeeper } from "../../../agent/keeper/room.ts";
import type { Disk } from "../../../hal/disk.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryDisk } from "../../../simulator/disk.ts";

/** A snapshot as far as keeper looks at it: two parts and their digest. */
export function snapshot(generation: number): Snapshot {
  const parts = {
    field: { site: "north", device: "gw", queueValuesMax: 1_000, buses: [], generation },
    uplink: { site: "north", device: "gw", generation },
  };
  return { digest: snapshotDigest(parts), ...parts } as unknown as Snapshot;
}

/** A keeper with its doors; the rooms and command lines are stand-ins of the test. */
export async function openWorld(disk: Disk = memoryDisk()) {
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
    dialControl: () => doors.control.dialer.dial(AbortSignal.timeout(1_000)),
    async ask(
      request: { kind: ControlRequest["kind"]; snapshot?: object; report?: ConfigReport; points?: boolean } & Partial<
        Omit<OutputsOrder, "kind" | "id">
      >,
    ) {
      const stream = await doors.control.dialer.dial(AbortSignal.timeout(1_000));
      const reply = new Promise<ControlReply>((resolve) => {
        const channel = openChannel<ControlReply, ControlRequest>(stream, decodeControlReply, (answer) => {
          resolve(answer);
          channel.close();
        });
        channel.send({ id: 0, ...request } as ControlRequest);
      });
      // rooms that hang are waited for, a second and no longer
      const patienceMs = { "status-query": ANSWER_TIMEOUT_MS, outputs: 2 * ANSWER_TIMEOUT_MS } as const;
      await clock.advance((patienceMs as Partial<Record<string, number>>)[request.kind] ?? 0);
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
