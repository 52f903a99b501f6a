import type { Disk } from "../hal/disk.ts";
import type { Machine } from "../hal/machine.ts";
import type { BrokerSnapshot } from "./config/snapshot.ts";
import { memoryDoor } from "./contract/door.ts";
import type { Door } from "./contract/door.ts";
import type { Log } from "./contract/log.ts";
import { runField } from "./field/room.ts";
import { runKeeper } from "./keeper/room.ts";
import type { BrokerMaterial } from "./uplink/credentials.ts";
import type { SinkMaterialSource } from "./uplink/notify/material.ts";
import { runUplink } from "./uplink/room.ts";
import { RUNTIME } from "./version.ts";

export interface GatewayParts {
  readonly machine: Omit<Machine, "disk">;
  /** one folder for each room, as if they were three processes */
  readonly disks: { readonly keeper: Disk; readonly field: Disk; readonly uplink: Disk };
  readonly material: (broker: BrokerSnapshot) => Promise<BrokerMaterial>;
  readonly sinkMaterial: SinkMaterialSource;
  readonly control: Door;
  readonly log: Log;
  readonly version: string;
}

type RoomName = "keeper" | "field" | "uplink";

/** The three rooms in one process, over in-memory doors. Each can be stopped and started again alone, as a process can. */
export interface Gateway extends AsyncDisposable {
  start(room: RoomName): void;
  stop(room: RoomName): Promise<void>;
}

/** Starts all three rooms. @param failed a room that ended by itself, which none ever should */
export function startGateway(parts: GatewayParts, failed: (room: RoomName, error: unknown) => void): Gateway {
  const keeperField = memoryDoor();
  const keeperUplink = memoryDoor();
  const fieldUplink = memoryDoor();
  const { machine, disks, log, version } = parts;
  const rooms: Record<RoomName, (signal: AbortSignal) => Promise<void>> = {
    keeper: (signal) =>
      runKeeper(
        {
          clock: machine.clock,
          disk: disks.keeper,
          field: keeperField.door,
          uplink: keeperUplink.door,
          control: parts.control,
          log,
          version,
        },
        signal,
      ),
    field: (signal) =>
      runField({ ...machine, disk: disks.field, keeper: keeperField.dialer, uplink: fieldUplink.door, log }, signal),
    uplink: (signal) =>
      runUplink(
        {
          clock: machine.clock,
          entropy: machine.entropy,
          network: machine.network,
          datagrams: machine.datagrams,
          disk: disks.uplink,
          material: parts.material,
          sinkMaterial: parts.sinkMaterial,
          field: fieldUplink.dialer,
          keeper: keeperUplink.dialer,
          log,
          version,
          runtime: RUNTIME,
        },
        signal,
      ),
  };
  const running = new Map<RoomName, { readonly abort: AbortController; readonly done: Promise<void> }>();
  const start = (room: RoomName): void => {
    if (running.has(room)) return;
    const abort = new AbortController();
    const done = rooms[room](abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) failed(room, error);
    });
    running.set(room, { abort, done });
  };
  const stop = async (room: RoomName): Promise<void> => {
    const one = running.get(room);
    running.delete(room);
    one?.abort.abort();
    await one?.done;
  };
  start("keeper");
  start("field");
  start("uplink");
  return {
    start,
    stop,
    async [Symbol.asyncDispose]() {
      // uplink first, so that its goodbye still finds values and keeper still hears it
      await stop("uplink");
      await stop("field");
      await stop("keeper");
    },
  };
}
