import type { ModbusServerEntry, ModbusServerSnapshot } from "../../../../agent/config/snapshot/modbus-server.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import { qualityCode } from "../../../../agent/contract/point.ts";
import type { ScalarValue } from "../../../../agent/contract/point.ts";
import { shownPoints } from "../../../../agent/contract/shown.ts";
import { ModbusServer } from "../../../../agent/uplink/modbus-server/server.ts";
import { ShownValues } from "../../../../agent/uplink/modbus-server/shown-values.ts";
import type { NetworkStream } from "../../../../hal/network.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import type { MemoryNetwork } from "../../../../simulator/network.ts";

export const HOST = "192.0.2.1";
export const SCADA = "192.0.2.50";
const PORT = 1502;

export function entry(point: string, over: Partial<ModbusServerEntry> = {}): ModbusServerEntry {
  return {
    point,
    table: "holding-register",
    address: 0,
    type: "uint16",
    count: 1,
    wordOrder: "big",
    scale: 1,
    offset: 0,
    ...over,
  };
}

export function part(entries: readonly ModbusServerEntry[], over: Partial<ModbusServerSnapshot> = {}) {
  return { host: HOST, port: PORT, unit: 1, clients: ["192.0.2.0/24"], connectionsMax: 3, entries, ...over };
}

/** A client that is none of ours: it speaks the bytes of the standard as the test writes them. */
export class RawClient {
  readonly stream: NetworkStream;
  readonly #clock: VirtualClock;
  received = Buffer.alloc(0);
  closed = false;

  constructor(stream: NetworkStream, clock: VirtualClock) {
    this.stream = stream;
    this.#clock = clock;
    stream.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    stream.on("close", () => {
      this.closed = true;
    });
  }

  /** Sends a PDU in hexadecimal and gives the one that comes back; undefined where none does within 100 ms. */
  async ask(pdu: string, unit = 1): Promise<string | undefined> {
    const before = this.received.length;
    this.stream.write(frame(pdu, unit));
    await this.#clock.advance(100);
    const reply = this.received.subarray(before);
    return reply.length === 0 ? undefined : reply.subarray(7).toString("hex");
  }

  read(code: number, address: number, count: number): Promise<string | undefined> {
    const hex = (value: number): string => value.toString(16).padStart(4, "0");
    return this.ask(`0${code}${hex(address)}${hex(count)}`);
  }
}

export function frame(pdu: string, unit = 1): Buffer {
  const bytes = Buffer.from(pdu, "hex");
  const header = Buffer.from([0x12, 0x34, 0, 0, 0, bytes.length + 1, unit]);
  return Buffer.concat([header, bytes]);
}

export interface ServerWorld extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly server: ModbusServer;
  readonly values: ShownValues;
  configure(snapshot: ModbusServerSnapshot | undefined): Promise<void>;
  /** As `field` says it: all points at once. */
  show(values: Readonly<Record<string, ScalarValue>>, quality?: "ok" | "no-reply" | "above-range"): void;
  connect(from?: string): Promise<RawClient>;
}

export function serverWorld(): ServerWorld {
  const clock = virtualClock();
  const network = memoryNetwork(clock);
  const values = new ShownValues(clock);
  const server = new ModbusServer({ clock, network, log: silentLog, values, configDigest: () => "digest" });
  let shown: readonly string[] = [];
  return {
    clock,
    network,
    server,
    values,
    async configure(snapshot) {
      shown = shownPoints(snapshot?.entries ?? []);
      server.configure(snapshot);
      await clock.advance(1);
    },
    show(said, quality = "ok") {
      const points = Object.keys(said).map((point) => shown.indexOf(point));
      const qualities = points.map(() => qualityCode(quality));
      values.take({ kind: "shown", configDigest: "digest", points, values: Object.values(said), qualities });
    },
    async connect(from = SCADA) {
      const connecting = network.connectFrom(
        from,
        { kind: "tcp", host: HOST, port: PORT },
        new AbortController().signal,
      );
      // its refusal is the caller's, once time has passed
      connecting.catch(() => {});
      await clock.advance(1);
      const client = new RawClient(await connecting, clock);
      await clock.advance(1);
      return client;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}
