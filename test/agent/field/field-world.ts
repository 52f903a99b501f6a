import { memoryDigitalIo } from "../../../simulator/digital-io.ts";
import { simulatedBoot } from "../../../simulator/machine-boot.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import type { AlarmCursor } from "../../../agent/contract/alarm-cursors.ts";
import type { Channel } from "../../../agent/contract/channel.ts";
import { decodeFieldToKeeper, decodeFieldToUplink } from "../../../agent/contract/decode.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { Dialer, Door } from "../../../agent/contract/door.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import type { FieldToKeeper, KeeperToField, OrderDone, OutputsOrder, Written } from "../../../agent/contract/rooms.ts";
import type { FieldStatus } from "../../../agent/contract/status.ts";
import type { FieldToUplink, UplinkToField } from "../../../agent/contract/field-uplink.ts";
import type { Batch, Gap, Roster } from "../../../agent/contract/telemetry.ts";
import type { FieldSnapshot } from "../../../agent/config/snapshot.ts";
import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { MachineBoot } from "../../../hal/machine-boot.ts";
import type { Serial } from "../../../hal/serial.ts";
import { runField } from "../../../agent/field/room.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import type { MemoryDisk } from "../../../simulator/disk.ts";
import { busWorld } from "./world.ts";
import type { BusWorld } from "./world.ts";

/** The whole room with keeper and uplink played by the test. */
export function fieldWorld(
  options: {
    readonly disk?: MemoryDisk;
    readonly seed?: number;
    readonly uplink?: Door;
    /** the plant and the time of a field that ran before it */
    readonly world?: BusWorld;
    readonly machineBoot?: MachineBoot;
    /** how long closing a serial port takes */
    readonly closingMs?: number;
  } = {},
) {
  const world = options.world ?? busWorld(options.seed ?? 1);
  const { clock } = world;
  const disk = options.disk ?? memoryDisk();
  const [keeper, uplink] = [memoryDoor(), memoryDoor()];
  const abort = new AbortController();
  const running = runField(
    {
      clock,
      entropy: world.entropy,
      network: world.network,
      serial: closingSlowly(world.serial, clock, options.closingMs ?? 0),
      digitalIo: memoryDigitalIo(),
      machineBoot: options.machineBoot ?? simulatedBoot(),
      disk,
      keeper: keeper.dialer,
      uplink: options.uplink ?? uplink.door,
      log: silentLog,
    },
    abort.signal,
  );
  let channel: Channel<KeeperToField> | undefined;
  const heard: FieldToKeeper[] = [];
  let nextId = 1;
  const reply = async <Kind extends FieldToKeeper["kind"]>(
    kind: Kind,
    act: () => void,
  ): Promise<Extract<FieldToKeeper, { kind: Kind }>> => {
    const from = heard.length;
    act();
    const find = (): FieldToKeeper | undefined => heard.slice(from).find((message) => message.kind === kind);
    await clock.advanceUntil(() => find() !== undefined, 30_000);
    return find() as Extract<FieldToKeeper, { kind: Kind }>;
  };
  return {
    ...world,
    disk,
    heard,
    async keeper(): Promise<Channel<KeeperToField>> {
      await keeper.door.serve((stream) => {
        channel = openChannel<FieldToKeeper, KeeperToField>(stream, decodeFieldToKeeper, (message) => {
          heard.push(message);
        });
      });
      await clock.advanceUntil(() => channel !== undefined && heard.length > 0, 2_000);
      return channel as Channel<KeeperToField>;
    },
    configure: (digest: string, part: FieldSnapshot | object) =>
      reply("configured", () => channel?.send({ kind: "configure", digest, part: { ...part } })),
    write: (source: string, point: string, value: number | boolean | string): Promise<Written> =>
      reply("written", () => channel?.send({ kind: "write", id: nextId++, source, point, value })),
    async order(
      action: OutputsOrder["action"],
      outputs: readonly string[] = [],
      reason = "test",
    ): Promise<OrderDone["refused"]> {
      const order = { action, outputs: [...outputs], by: "anna", reason };
      return (await reply("done", () => channel?.send({ kind: "outputs", id: nextId++, ...order }))).refused;
    },
    async status(points = false): Promise<FieldStatus> {
      const answer = await reply("field-status", () => channel?.send({ kind: "status-query", id: nextId++, points }));
      return answer.status;
    },
    uplink: () => connectUplink(uplink.dialer),
    async stop(): Promise<void> {
      abort.abort(new Error("the test is over"));
      await clock.advance(1_000);
      await running;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await this.stop();
      if (options.world === undefined) await world[Symbol.asyncDispose]();
    },
  };
}

/** Real ports are closed by the kernel, which waits for whoever is still using them. */
function closingSlowly(serial: Serial, clock: Clock, closingMs: number): Serial {
  return {
    async open(line, listener) {
      const port = await serial.open(line, listener);
      return {
        write: (bytes) => port.write(bytes),
        async [Symbol.asyncDispose]() {
          if (closingMs > 0) await sleep(clock, closingMs);
          await port[Symbol.asyncDispose]();
        },
      };
    },
  };
}

export type PlayedUplink = Awaited<ReturnType<typeof connectUplink>>;

/** An uplink that keeps what it hears, by source name. */
async function connectUplink(dialer: Dialer) {
  const messages: FieldToUplink[] = [];
  const rosters: Roster[] = [];
  const stream = await dialer.dial(AbortSignal.any([]));
  const channel = openChannel<FieldToUplink, UplinkToField>(stream, decodeFieldToUplink, (message) => {
    messages.push(message);
    if (message.kind === "roster") rosters.push(message);
  });
  const sourceOf = (batch: Batch): string => {
    const roster = rosters.find(({ revision }) => revision === batch.revision);
    return roster?.sources[batch.source]?.name ?? "nobody";
  };
  return {
    messages,
    rosters,
    get bootId(): string {
      return rosters[0]?.bootId ?? "";
    },
    batches: (): readonly Batch[] => messages.filter((message) => message.kind === "batch"),
    gaps: (): readonly Gap[] => messages.filter((message) => message.kind === "gap"),
    sourceOf,
    /** Every sequence heard of one source, in the order of hearing. */
    sequences: (source: string): readonly number[] =>
      messages
        .filter((message) => message.kind === "batch")
        .filter((batch) => sourceOf(batch) === source)
        .flatMap((batch) => batch.points.map((_, i) => batch.first + i)),
    credit: (values: number) => channel.send({ kind: "credit", values }),
    acknowledge(cursors: Record<string, number>, gaps = 0): void {
      channel.send({ kind: "acknowledged", bootId: this.bootId, cursors, gaps });
    },
    /** All its receivers have everything up to there. */
    taken(sequence: number, receivers: readonly AlarmCursor[]): void {
      channel.send({ kind: "alarm-events-taken", bootId: this.bootId, sequence, receivers: [...receivers] });
    },
    closed: channel.closed,
    close: () => channel.close(),
    garbage: (bytes: Uint8Array) => void stream.write(bytes),
  };
}
