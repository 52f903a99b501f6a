import type { Clock } from "../../hal/clock.ts";
import type { ByteStream, Network, TcpTarget } from "../../hal/network.ts";
import type { ModbusDevice } from "./device.ts";
import { encodeException, EXCEPTION_CODES } from "./exception.ts";
import type { MbapFrame } from "./mbap.ts";
import { SOCKET_CODECS } from "./socket-codec.ts";

/** Replies that may wait for a client that does not read them. */
const WAITING_BYTES_MAX = 64 * 1024;
/** Connections of one server, as real devices limit them, only higher. */
const CONNECTIONS_MAX = 64;
/** Between two segments of one reply, so that nothing puts them together again. */
const SEGMENT_GAP_MS = 1;

export interface ModbusTcpServerOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly target: TcpTarget;
  /** several where the socket is a gateway's */
  readonly devices: readonly ModbusDevice[];
  /** Modbus TCP, or the frames of a serial line as simple serial servers carry them; default `mbap` */
  readonly framing?: "mbap" | "rtu" | "ascii";
  /** answer for a unit that is not here: exception 11 as a gateway gives it, or none; default `exception` */
  readonly strangers?: "exception" | "silence";
}

export interface ModbusTcpServer extends AsyncDisposable {
  readonly port: number;
  /** since the start; `malformed` counts connections cut because framing was lost */
  readonly counters: { readonly accepted: number; readonly malformed: number };
  /** Connections that are open now. */
  connections(): number;
  /** Breaks every open connection, as a restarting device does. */
  disconnect(): void;
}

/**
 * Puts devices behind one socket.
 * @throws {HalError} `HAL_LISTEN_FAILED`
 * @see Modbus messaging on TCP/IP V1.0b
 */
export async function serveTcp(options: ModbusTcpServerOptions): Promise<ModbusTcpServer> {
  const { network, target } = options;
  const units = new Map(options.devices.map((device) => [device.unit, device]));
  if (units.size !== options.devices.length) throw new RangeError("a unit id is behind this socket twice");
  const codec = SOCKET_CODECS[options.framing ?? "mbap"];
  const open = new Set<ByteStream>();
  const counters = { accepted: 0, malformed: 0 };

  const listener = await network.listen(target, (stream) => {
    if (open.size >= CONNECTIONS_MAX) return void stream.destroy();
    counters.accepted += 1;
    open.add(stream);
    stream.on("error", () => {});
    stream.once("close", () => open.delete(stream));
    stream.once("end", () => stream.end());
    const read = codec.reader(
      (frame) => answer(stream, frame),
      () => {
        counters.malformed += 1;
        stream.destroy();
      },
    );
    stream.on("data", (chunk: Uint8Array) => read(chunk));
  });

  function answer(stream: ByteStream, { transactionId, unit, pdu }: MbapFrame): void {
    const device = units.get(unit);
    if (device === undefined) {
      if (options.strangers === "silence") return;
      const refusal = encodeException(pdu[0] ?? 0, EXCEPTION_CODES.gatewayTargetFailedToRespond);
      return write(stream, codec.encode({ transactionId, unit, pdu: refusal }));
    }
    const { reply, delayMs, faults } = device.exchange(pdu);
    if (faults.some(({ kind }) => kind === "disconnect")) return void stream.destroy();
    if (reply === undefined) return;
    const segments = codec.damage({ transactionId, unit, pdu: reply }, faults, device.entropy);
    if (delayMs === 0 && segments.length === 1) return write(stream, segments[0]);
    writeInTurn(stream, segments, delayMs);
  }

  /** One after another: real timers that are due together would fire in any order. */
  function writeInTurn(stream: ByteStream, [first, ...rest]: readonly Uint8Array[], delayMs: number): void {
    options.clock.after(delayMs, () => {
      write(stream, first);
      if (rest.length > 0) writeInTurn(stream, rest, SEGMENT_GAP_MS);
    });
  }

  return {
    port: listener.port ?? target.port,
    counters,
    connections: () => open.size,
    disconnect() {
      for (const stream of open) stream.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const stream of open) stream.destroy();
      await listener[Symbol.asyncDispose]();
    },
  };
}

function write(stream: ByteStream, bytes: Uint8Array | undefined): void {
  if (bytes === undefined || bytes.length === 0 || !stream.writable) return;
  stream.write(bytes);
  if (stream.writableLength > WAITING_BYTES_MAX) stream.destroy();
}
