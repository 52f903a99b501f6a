import { expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { encodeMbap } from "../../../simulator/modbus/mbap.ts";
import { decodeRtu, encodeRtu } from "../../../simulator/modbus/rtu-frame.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import { pumpingStation, servePumpingStation, STATION_LINE } from "../../../simulator/plant/index.ts";
import { memorySerial } from "../../../simulator/serial.ts";

const PATH = "/dev/serial/by-id/usb-simulated";

test("the whole station can be reached over its line and its sockets, and is gone after disposal", async () => {
  const clock = virtualClock();
  const network = memoryNetwork(clock);
  const serial = memorySerial(clock);
  const station = pumpingStation({ clock, entropy: seededEntropy(1) });
  const place = {
    clock,
    network,
    wire: serial.wire(PATH, STATION_LINE),
    host: "10.0.0.2",
    ports: { flow: 0, panel: 0 },
  };
  const served = await servePumpingStation(station, place);

  const heard: number[] = [];
  const listener = { bytes: (chunk: Uint8Array) => void heard.push(...chunk), vanished: () => {} };
  const port = await serial.open({ path: PATH, ...STATION_LINE }, listener);
  const units: (number | undefined)[] = [];
  for (const unit of [1, 2, 3, 4]) {
    void port.write(encodeRtu({ unit, pdu: Uint8Array.of(4, 0, 0, 0, 1) }));
    await clock.advance(100);
    units.push(decodeRtu(Uint8Array.from(heard.splice(0)))?.unit);
  }
  expect(units).toEqual([1, 2, 3, 4]);

  const target = { kind: "tcp", host: "10.0.0.2", port: served.ports.panel } as const;
  const connecting = network.connect(target, new AbortController().signal);
  await clock.advance(1);
  const stream = await connecting;
  const replies: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => replies.push(chunk));
  for (const unit of [1, 2]) stream.write(encodeMbap({ transactionId: unit, unit, pdu: Uint8Array.of(4, 0, 0, 0, 2) }));
  await clock.advance(100);
  expect(Buffer.concat(replies)).toHaveLength(2 * 13);

  await served[Symbol.asyncDispose]();
  await clock.advance(1);
  expect(stream.destroyed).toBe(true);
  const again = network.connect(target, new AbortController().signal);
  const refused = expect(again).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  await clock.advance(1);
  await refused;
});
