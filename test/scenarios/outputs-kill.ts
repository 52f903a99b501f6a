import { planTimes } from "../../agent/config/timing/plan-time.ts";
import type { FieldSnapshot } from "../../agent/config/snapshot.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import { runField } from "../../agent/field/room.ts";
import { openLastGood } from "../../agent/field/configuration/last-good.ts";
import type { Disk } from "../../hal/disk.ts";
import { memoryDigitalIo } from "../../simulator/digital-io.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { simulatedBoot } from "../../simulator/machine-boot.ts";
import { coil, plan } from "../agent/field/outputs/outputs-world.ts";
import { bus, device, field, point, rtu } from "../agent/field/snapshots.ts";
import { busWorld } from "../agent/field/world.ts";

export const DEVICES = 5;
const OUTPUTS_EACH = 4;

/** 20 outputs of 5 devices on one line at 9600 baud, in turn, and something to poll beside them. */
function killedSite(): FieldSnapshot {
  const names = Array.from({ length: DEVICES }, (_, i) => `drive-${i + 1}`);
  const devices = names.map((name, i) =>
    device(name, i + 1, {
      pollMs: 500,
      timeoutMs: 200,
      lateReplyMs: 400,
      points: [
        ...Array.from({ length: OUTPUTS_EACH }, (_, place) => coil(`run-${place}`, 20 + place, { onRestart: "plan" })),
        point("level", { address: 9 }),
      ],
    }),
  );
  const steps = Array.from({ length: OUTPUTS_EACH }, (_, place) =>
    names.map((name) => ({ output: `${name}/run-${place}`, value: false })),
  ).flat();
  return field([bus("line", devices, { transport: rtu({ baudRate: 9_600 }) })], { plan: plan(steps) });
}

/** A field that is killed and started again on the same plant, machine and disk, again and again. */
export async function killedField(seed: number) {
  const world = busWorld(seed);
  const { clock, entropy } = world;
  const site = killedSite();
  const disk = memoryDisk();
  await openLastGood(disk, silentLog).replace({ digest: "one", field: site });
  const machineBoot = simulatedBoot();
  const devices = world.devices(Array.from({ length: DEVICES }, (_, i) => i + 1));
  /** monotonic time of the latest write of each output */
  const writtenMs = devices.map(() => Array.from({ length: OUTPUTS_EACH }, () => Number.NEGATIVE_INFINITY));
  for (const [i, one] of devices.entries()) {
    for (let place = 0; place < OUTPUTS_EACH; place++) {
      let value = 1;
      one.coils.define(20 + place, {
        size: 1,
        read: () => [value],
        write: ([next = 0]) => {
          value = next;
          (writtenMs[i] as number[])[place] = clock.monotonicMs();
        },
      });
    }
  }
  world.line(devices);
  const [times] = planTimes(site.buses, site.plan?.steps ?? []);
  let process: { kill(): void } | undefined;
  return {
    clock,
    entropy,
    devices,
    writtenMs,
    boundMs: Math.max(2_000, times?.fromDeathMs ?? 0),
    start(): void {
      process = startProcess();
    },
    kill(): void {
      process?.kill();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };

  function startProcess() {
    const abort = new AbortController();
    const mortal = mortalDisk(disk);
    const [keeper, uplink] = [memoryDoor(), memoryDoor()];
    void runField(
      {
        clock,
        entropy,
        network: world.network,
        serial: world.serial,
        digitalIo: memoryDigitalIo(),
        machineBoot,
        disk: mortal.disk,
        keeper: keeper.dialer,
        uplink: uplink.door,
        log: silentLog,
      },
      abort.signal,
    ).catch(() => {});
    return {
      kill(): void {
        mortal.die();
        abort.abort(new Error("killed"));
      },
    };
  }
}

/** A disk as one process sees it: after its death nothing that it had begun goes on. */
function mortalDisk(disk: Disk): { readonly disk: Disk; die(): void } {
  let dead = false;
  const never = new Promise<never>(() => {});
  const alive = <Result>(act: () => Promise<Result>): Promise<Result> => (dead ? never : act());
  return {
    disk: {
      ...disk,
      open: (path, options) => alive(() => disk.open(path, options)),
      rename: (from, to) => alive(() => disk.rename(from, to)),
      remove: (path) => alive(() => disk.remove(path)),
      list: (path) => alive(() => disk.list(path)),
      makeDirectory: (path) => alive(() => disk.makeDirectory(path)),
      syncDirectory: (path) => alive(() => disk.syncDirectory(path)),
    },
    die: () => void (dead = true),
  };
}
