import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { freePort } from "../interop/peers/free-port.ts";
import { PATIENCE_MS, startGateway } from "./harness/gateway.ts";
import { measured } from "./harness/measured.ts";
import { recordingDevice, serveRecording } from "./harness/recording-device.ts";
import { openStation } from "./harness/station.ts";

const TEST_MS = 60_000;
const READ_COUNT = Buffer.from("000100000006010400000001", "hex");
const READ_CABLE = Buffer.from("000100000006010200000001", "hex");
const NO_VALUE = Buffer.from("840b", "hex");

/** One request, and the PDU that comes back. */
async function ask(socket: Socket, request: Buffer): Promise<Buffer> {
  socket.write(request);
  const [reply] = (await once(socket, "data")) as [Buffer];
  return reply.subarray(7);
}

test(
  "real processes: SCADA reads the plant and the housing, and a killed field is an exception until it is back",
  { timeout: TEST_MS },
  async () => {
    await using stack = new AsyncDisposableStack();
    const station = stack.use(await openStation());
    const recorder = recordingDevice(station.clock, 1);
    const device = stack.use(await serveRecording(station.clock, station.network, recorder));
    const points = [{ name: "count", table: "holding-register", address: 0 }] as const;
    const bus = {
      name: "bus",
      tcp: { host: "127.0.0.1", port: device.port },
      devices: [{ name: "d", unit: 1, pollMs: 250, points }],
    };
    const port = await freePort();
    const gateway = stack.use(
      await startGateway(station.folder, {
        ...station.file([bus]),
        // the loopback interface always has a link
        io: { inputs: [{ name: "cable", line: "carrier:lo" }] },
        modbusServer: {
          host: "127.0.0.1",
          port,
          clients: ["127.0.0.1"],
          entries: [
            { point: "d/count", table: "input-register", address: 0, type: "uint16" },
            { point: "io/cable", table: "discrete-input", address: 0 },
          ],
        },
      }),
    );
    await gateway.until("listening", ({ uplink }) => uplink?.modbusServer?.listening === true);
    const socket = connect(port, "127.0.0.1");
    stack.defer(() => void socket.destroy());
    await once(socket, "connect");
    const value = async (): Promise<void> => {
      expect((await ask(socket, READ_COUNT)).subarray(0, 2)).toEqual(Buffer.of(4, 2));
    };
    await vi.waitFor(value, { timeout: PATIENCE_MS });
    expect(await ask(socket, READ_CABLE)).toEqual(Buffer.of(2, 1, 1));

    const killedMs = station.clock.monotonicMs();
    gateway.kill("field");
    await vi.waitFor(async () => expect(await ask(socket, READ_COUNT)).toEqual(NO_VALUE), {
      timeout: 1_000,
      interval: 5,
    });
    await vi.waitFor(value, { timeout: PATIENCE_MS, interval: 20 });
    measured("SCADA without values after field was killed", station.clock.monotonicMs() - killedMs);

    const { uplink, field } = await gateway.until("all of it", ({ field: again }) => again !== null);
    expect(uplink?.modbusServer).toMatchObject({ clients: 1, refusedWrites: 0, refusedClients: 0 });
    expect(field?.io?.inputs).toMatchObject([{ name: "cable", value: true }]);
  },
);
