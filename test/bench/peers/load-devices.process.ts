import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { peerOptions, servePeer } from "../machine/peer-side.ts";
import { deviceHost } from "./device-host.ts";

/**
 * Five hundred Modbus TCP devices as cheap as they can be, so that the machine's time goes to the gateway: one port, one
 * loopback address each, functions 3 and 4 only, every register another value at each request.
 */
export interface LoadOptions {
  readonly devices: number;
}
export interface LoadReady {
  readonly port: number;
}
export interface LoadCount {
  readonly requests: number;
  readonly registers: number;
  readonly refused: number;
  readonly connections: number;
}

const REQUEST_BYTES = 12;
const MBAP_BYTES = 6;
const REPLY_HEAD_BYTES = 9;
const REGISTERS_MAX = 125;
/** Coprime to 65 536, so that a register changes at every request and neighbours differ. */
const STEP = 257;

const { devices } = peerOptions() as LoadOptions;
let requests = 0;
let registers = 0;
let refused = 0;
let connections = 0;
let round = 0;

function reply(socket: Socket, request: Buffer): void {
  const functionCode = request[7];
  const count = request.readUInt16BE(10);
  if ((functionCode !== 3 && functionCode !== 4) || count < 1 || count > REGISTERS_MAX) {
    refused++;
    socket.destroy();
    return;
  }
  const bytes = Buffer.allocUnsafe(REPLY_HEAD_BYTES + 2 * count);
  request.copy(bytes, 0, 0, MBAP_BYTES - 2);
  bytes.writeUInt16BE(3 + 2 * count, MBAP_BYTES - 2);
  bytes[6] = request[6] ?? 0;
  bytes[7] = functionCode;
  bytes[8] = 2 * count;
  round += STEP;
  for (let i = 0; i < count; i++) bytes.writeUInt16BE((round + i) & 0xffff, REPLY_HEAD_BYTES + 2 * i);
  requests++;
  registers += count;
  socket.write(bytes);
}

function accept(socket: Socket): void {
  connections++;
  socket.setNoDelay(true);
  let waiting = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= REQUEST_BYTES) {
      reply(socket, waiting.subarray(0, REQUEST_BYTES));
      waiting = waiting.subarray(REQUEST_BYTES);
    }
  });
  socket.on("error", () => {});
  socket.once("close", () => connections--);
}

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

const first = await listen(deviceHost(0), 0);
const address = first.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
for (let index = 1; index < devices; index++) await listen(deviceHost(index), port);
servePeer({ port } satisfies LoadReady, () => ({ requests, registers, refused, connections }) satisfies LoadCount);
