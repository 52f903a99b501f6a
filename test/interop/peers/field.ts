import { linuxDigitalIo } from "../../../hal/linux/digital-io.ts";
import { linuxMachineBoot } from "../../../hal/linux/machine-boot.ts";
import { vi } from "vitest";
import { compileConfig } from "../../../agent/config/compile.ts";
import type { Snapshot } from "../../../agent/config/snapshot.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import type { Channel } from "../../../agent/contract/channel.ts";
import { decodeFieldToKeeper } from "../../../agent/contract/decode.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import type { FieldToKeeper, KeeperToField, Written } from "../../../agent/contract/rooms.ts";
import type { FieldStatus, PointStatus } from "../../../agent/contract/status.ts";
import { runField } from "../../../agent/field/room.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxDisk } from "../../../hal/linux/disk.ts";
import { linuxEntropy } from "../../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { linuxSerial } from "../../../hal/linux/serial.ts";
import { configText } from "./gateway-file.ts";
import type { FileBus, GatewayFile } from "./gateway-file.ts";

const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** The field room on real drivers, with the test in keeper's place. */
export interface FieldOnLinux extends AsyncDisposable {
  status(): Promise<FieldStatus>;
  write(source: string, point: string, value: number | boolean | string): Promise<Written>;
  /** Once every point has been read: all of them, by name. */
  points(): Promise<ReadonlyMap<string, PointStatus>>;
}

export async function startField(folder: string, buses: readonly FileBus[]): Promise<FieldOnLinux> {
  const snapshot = compileBuses(buses);
  const keeper = memoryDoor();
  const uplink = memoryDoor();
  const abort = new AbortController();
  const waiting = new Map<number, (message: FieldToKeeper) => void>();
  const connected = Promise.withResolvers<Channel<KeeperToField>>();
  await using serving = new AsyncDisposableStack();
  serving.use(
    await keeper.door.serve((stream) => {
      const channel = openChannel<FieldToKeeper, KeeperToField>(stream, decodeFieldToKeeper, (message) => {
        if (message.kind !== "configured") waiting.get(message.id)?.(message);
        else if (message.refused !== undefined) connected.reject(new Error(JSON.stringify(message.refused)));
        else if (message.digest === snapshot.digest) connected.resolve(channel);
        else channel.send({ kind: "configure", digest: snapshot.digest, part: { ...snapshot.field } });
      });
    }),
  );
  const clock = linuxClock();
  const running = runField(
    {
      clock,
      entropy: linuxEntropy(),
      network: linuxNetwork(),
      serial: linuxSerial(),
      digitalIo: linuxDigitalIo(clock),
      machineBoot: linuxMachineBoot(),
      disk: linuxDisk(folder),
      keeper: keeper.dialer,
      uplink: uplink.door,
      log: silentLog,
    },
    abort.signal,
  );
  serving.defer(async () => {
    abort.abort();
    await running.catch(() => {});
  });
  const channel = await connected.promise;
  const held = serving.move();
  let nextId = 0;
  const ask = (message: KeeperToField & { readonly id: number }): Promise<FieldToKeeper> =>
    new Promise((resolve) => {
      waiting.set(message.id, resolve);
      channel.send(message);
    });

  async function status(): Promise<FieldStatus> {
    const reply = await ask({ kind: "status-query", id: nextId++, points: true });
    if (reply.kind !== "field-status") throw new TypeError("field answered another question");
    return reply.status;
  }

  return {
    status,
    async write(source, point, value) {
      const reply = await ask({ kind: "write", id: nextId++, source, point, value });
      if (reply.kind !== "written") throw new TypeError("field answered another question");
      return reply;
    },
    points: () =>
      vi.waitFor(
        async () => {
          const devices = (await status()).buses.flatMap((bus) => bus.devices);
          const all = devices.flatMap((device) => device.points);
          const unread = all.filter((point) => point.reason === "never-read" || point.quality === "stale");
          if (all.length === 0 || unread.length > 0) throw new Error(`not read: ${unread.map((p) => p.name).join()}`);
          return new Map(all.map((point) => [point.name, point]));
        },
        { timeout: PATIENCE_MS, interval: LOOK_MS },
      ),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** No broker is ever dialled: the uplink's part is only there because a file has one. */
export function compileBuses(buses: readonly FileBus[]): Snapshot {
  const broker = { url: "mqtts://localhost", anchors: "anchors.pem", certificate: "certificate.pem", key: "key.pem" };
  const file: GatewayFile = { site: "bench", device: "gateway", uplink: { broker }, buses };
  const result = compileConfig(configText(file), "gateway.yaml");
  if ("report" in result) throw new Error(JSON.stringify(result.report, null, 2));
  return result.snapshot;
}
