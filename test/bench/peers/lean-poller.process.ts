import { connect } from "node:net";
import type { Socket } from "node:net";
import { peerOptions, servePeer } from "../machine/peer-side.ts";
import { deviceHost } from "./device-host.ts";

/**
 * The floor: the same requests to the same devices with `node:net` alone. No library, no points, no broker; whatever a
 * gateway in this runtime does, it pays this first.
 */
export interface LeanOptions {
  readonly devices: number;
  readonly registers: number;
  readonly pollMs: number;
  readonly port: number;
}
export interface LeanCount {
  readonly replies: number;
}

const { devices, registers, pollMs, port } = peerOptions() as LeanOptions;
let replies = 0;

function poll(socket: Socket): void {
  const request = Buffer.alloc(12);
  request[5] = 6;
  request[6] = 1;
  request[7] = 3;
  request.writeUInt16BE(registers, 10);
  socket.write(request);
}

const sockets: Socket[] = [];
for (let index = 0; index < devices; index++) {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const one: Socket = connect({ host: deviceHost(index), port, noDelay: true }, () => resolve(one));
    one.once("error", reject);
  });
  socket.on("data", () => replies++);
  sockets.push(socket);
}
for (const [index, socket] of sockets.entries()) {
  setTimeout(() => setInterval(() => poll(socket), pollMs), (index * pollMs) / devices);
}
servePeer({}, () => ({ replies }) satisfies LeanCount);
