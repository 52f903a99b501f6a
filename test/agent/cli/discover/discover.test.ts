import { parse } from "yaml";
import { expect, test } from "vitest";
import { ModbusDevice, shortPdu } from "../../../../simulator/modbus/index.ts";
import { edited, snapshotOf } from "../../config/gateway-file.ts";
import { rtu } from "../../field/snapshots.ts";
import { gatewayStatus } from "../gateway-status.ts";
import { standInKeeper } from "../stand-in-keeper.ts";
import { discoverWorld } from "./world.ts";

const PATH = ["--path", "/dev/ttyS0", "--baud", "9600"];
const TEN = [1, 2, 3, 17, 42, 100, 101, 150, 200, 247];

test("ten devices among 247 unit ids are found within a minute, as a file that config check takes", async () => {
  await using world = discoverWorld();
  world.shared(world.devices(TEN, 20));
  const { code, tookMs } = await world.finish(...PATH);
  expect(world.err.join("")).toContain("Asking 247 unit ids for one register each: about ");
  expect(code).toBe(0);
  expect(tookMs).toBeLessThanOrEqual(60_000);
  const { buses } = parse(world.out.join("")) as { buses: { devices: { unit: number }[] }[] };
  expect(buses[0]?.devices.map(({ unit }) => unit)).toEqual(TEN);
  expect(snapshotOf(edited({ buses })).field.buses[0]?.transport).toEqual(rtu({ path: "/dev/ttyS0" }));
  // one question for each unit id, and nothing else
  expect(world.sent()).toHaveLength(247 * 8);
});

test("a device slower than the first patience is found by its late answer, and the next ones are waited for", async () => {
  await using world = discoverWorld();
  const [slow, slower] = world.devices([5, 9], 260) as [ModbusDevice, ModbusDevice];
  slower.replyDelayMs = 280;
  world.shared([slow, slower]);
  const { code } = await world.finish(...PATH, "--units", "1-12", "--json");
  expect(code).toBe(0);
  const { units } = JSON.parse(world.out.join("")) as { units: { unit: number }[] };
  expect(units.map(({ unit }) => unit)).toEqual([5, 9]);
});

test("an exception is an answer, and identification is asked only where it is wanted", async () => {
  await using world = discoverWorld();
  const { clock, entropy } = world;
  const bare = new ModbusDevice({
    unit: 3,
    clock,
    entropy,
    identification: { 0: "Works\u001b[2J", 1: "M-7", 2: "1.4" },
  });
  world.shared([bare]);
  await world.finish(...PATH, "--units", "1-4");
  expect(world.out.join("")).toContain("it refused this register (exception 2)");
  expect(bare.counters.requests).toBe(1);
  world.out.length = 0;
  await world.finish(...PATH, "--units", "1-4", "--identify");
  expect(world.out.join("")).toContain("Works?[2J, M-7, 1.4");
  expect(bare.counters.requests).toBe(3);
});

test("while another master speaks nothing at all is sent, and it is named", async () => {
  await using world = discoverWorld();
  const master = world.shared(world.devices([1, 2], 5));
  master.poll({ unit: 2, pdu: shortPdu(4, 1, 2) }, 1_900);
  const { code } = await world.finish(...PATH);
  expect(code).toBe(1);
  expect(world.sent()).toEqual([]);
  expect(world.err.join("")).toContain("DISCOVER_TRAFFIC");
  expect(world.err.join("")).toContain("a request to unit 2, function 4 (read input registers), input register 1 to 2");
});

test("a master that asks every ten seconds is heard before anything is sent", async () => {
  await using world = discoverWorld();
  const master = world.shared(world.devices([1, 2], 5));
  master.poll({ unit: 2, pdu: shortPdu(4, 1, 2) }, 10_000);
  const { code } = await world.finish(...PATH);
  expect(code).toBe(1);
  expect(world.sent()).toEqual([]);
});

test("what listening cannot tell is said: whoever asks more seldom was not heard", async () => {
  await using world = discoverWorld();
  world.shared(world.devices([1], 5));
  await world.finish(...PATH, "--units", "1-2", "--listen", "7");
  expect(world.err.join("")).toContain("nobody else was heard in 7 s; a master that asks more seldom is not noticed");
});

test.each([
  ["a write to the unit that is being asked", shortPdu(6, 1, 2)],
  ["a read that is cut to the length of an answer", Uint8Array.of(3, 2, 0)],
])("%s is somebody else's, and no answer", async (_name, pdu) => {
  await using world = discoverWorld();
  const master = world.shared([]);
  // the question takes until 12 009 ms, and the other one waits for silence
  world.clock.after(12_015, () => master.ask({ unit: 3, pdu }));
  const { code } = await world.finish(...PATH, "--units", "3-5");
  expect(code).toBe(1);
  expect(world.err.join("")).toContain("DISCOVER_TRAFFIC");
  expect(world.out).toEqual([]);
  expect(world.sent()).toHaveLength(8);
});

test("bytes that are no frame end it, wherever between two questions they fall", async () => {
  await using world = discoverWorld();
  const line = rtu();
  const wire = world.serial.wire(line.path, line);
  // 3 ms before each third question, when nothing is awaited any more
  for (const i of [1, 2, 3, 4]) world.clock.after(12_000 + 163.5 * 3 * i, () => wire.send(Uint8Array.of(0x55, 0xaa)));
  const { code } = await world.finish(...PATH, "--units", "1-40");
  expect(code).toBe(1);
  expect(world.err.join("")).toContain("bytes that are no frame, again and again");
});

test("a master at another speed is noise, and noise is refused too", async () => {
  await using world = discoverWorld();
  const master = world.shared(world.devices([1], 5));
  master.poll({ unit: 1, pdu: shortPdu(3, 0, 1) }, 1_900);
  const { code } = await world.finish("--path", "/dev/ttyS0", "--baud", "19200");
  expect(code).toBe(1);
  expect(world.sent()).toEqual([]);
  expect(world.err.join("")).toContain("bytes that are no frame at this speed");
});

test("a master that begins in between ends it: not one byte goes out after its request was whole", async () => {
  await using world = discoverWorld();
  const master = world.shared(world.devices([1, 2], 5));
  const running = world.finish(...PATH);
  // the probe asks every 163 ms: the master waits for its silence, as a real one does
  world.clock.after(12_000, () => master.poll({ unit: 2, pdu: shortPdu(6, 1, 2) }, 1_000));
  const { code } = await running;
  expect(code).toBe(1);
  expect(world.err.join("")).toContain("another master speaks on this line: a request to unit 2, function 6");
  const foreign = world.serial
    .trace("/dev/ttyS0")
    .filter(({ direction, endMs }) => direction === "in" && endMs > 12_900);
  const firstWholeMs = foreign[7]?.endMs ?? Number.NaN;
  expect(world.sent().filter(({ startMs }) => startMs > firstWholeMs)).toEqual([]);
  expect(world.out.join("")).toContain("unit: 1");
});

test("Ctrl-C ends it with a whole frame and the port closed, and tells what was found so far", async () => {
  await using world = discoverWorld();
  world.shared(world.devices([1, 200], 5));
  world.clock.after(17_000, () => world.stop.abort());
  const { code, tookMs } = await world.finish(...PATH);
  expect(code).toBe(1);
  expect(tookMs).toBeLessThan(17_400);
  expect(world.err.join("")).toContain("DISCOVER_ABORTED");
  expect(world.out.join("")).toContain("unit: 1");
  expect(world.sent().length % 8).toBe(0);
  await using again = await world.serial.open(rtu(), { bytes: () => {}, vanished: () => {} });
  expect(again).toBeDefined();
});

test("a line that somebody has open is refused, and so is one that the running gateway calls its own by another name", async () => {
  const status = gatewayStatus();
  await using keeper = await standInKeeper(({ id }) => ({
    kind: "gateway-status",
    id,
    status: {
      ...status,
      field: status.field && {
        ...status.field,
        buses: status.field.buses.map((bus) => ({ ...bus, target: "/dev/serial/by-id/adapter" })),
      },
    },
  }));
  await using world = discoverWorld(keeper.parts.dialControl());
  world.shared(world.devices([1], 5));
  expect((await world.finish(...PATH)).code).toBe(1);
  expect(world.err.join("")).toContain(
    "DISCOVER_IN_USE: the running gateway has /dev/serial/by-id/adapter as its bus line-1",
  );

  await using other = discoverWorld();
  other.shared(other.devices([1], 5));
  await other.serial.open(rtu(), { bytes: () => {}, vanished: () => {} });
  expect((await other.finish(...PATH)).code).toBe(1);
  expect(other.err.join("")).toContain("HAL_PORT_REFUSED");
  expect(other.sent()).toEqual([]);
});

test("a socket is searched unit by unit, and a gateway's word for an absent unit is no device", async () => {
  await using world = discoverWorld();
  await world.socket("panel.test", world.devices([1, 7], 3), "exception");
  const { code } = await world.finish("--host", "panel.test", "--units", "1-20", "--json");
  expect(code).toBe(0);
  const said = JSON.parse(world.out.join("")) as { place: object; units: { unit: number }[] };
  expect(said.place).toEqual({ kind: "tcp", host: "panel.test", port: 502 });
  expect(said.units.map(({ unit }) => unit)).toEqual([1, 7]);
});

test("several speeds are tried until one answers", async () => {
  await using world = discoverWorld();
  world.shared(world.devices([4], 5));
  const { code } = await world.finish("--path", "/dev/ttyS0", "--baud", "19200,9600,4800", "--units", "1-8");
  expect(code).toBe(0);
  expect(world.out.join("")).toContain("baudRate: 9600");
  expect(world.err.join("")).not.toContain("4800 baud");
});

test.each([
  [["--host", "a", "--path", "/dev/ttyS0"], "either --path"],
  [["--path", "/dev/ttyS0", "--units", "9-3"], "3-9"],
  [["--path", "/dev/ttyS0", "--units", "0-3"], "1 to 247"],
  [["--path", "/dev/ttyS0", "--baud", "fast"], "--baud wants"],
  [["--path", "/dev/ttyS0", "--parity", "mark"], "--parity wants"],
])("%j is used wrongly", async (args, why) => {
  await using world = discoverWorld();
  expect(await world.run(...args)).toBe(2);
  expect(world.err.join("")).toContain(why);
});
