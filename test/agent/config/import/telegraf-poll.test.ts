import { expect, test } from "vitest";
import { compileConfig } from "../../../../agent/config/index.ts";
import { convertTelegraf } from "../../../../agent/config/import/telegraf/convert.ts";
import type { BusSnapshot } from "../../../../agent/config/snapshot.ts";
import { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { busWorld } from "../../field/world.ts";
import type { BusWorld } from "../../field/world.ts";

const IDENTITY = { site: "riverside", device: "gw-1", broker: "mqtts://broker.example.org" };

/** The buses that come of a Telegraf file, by way of the gateway file and its compiler. */
function busesOf(toml: string): readonly BusSnapshot[] {
  const converted = convertTelegraf(toml, "telegraf.conf", IDENTITY);
  if ("refused" in converted) throw new Error(converted.refused.message);
  const compiled = compileConfig(converted.yaml, "/etc/holdfast/gateway.yaml");
  if ("report" in compiled)
    throw new Error(`${JSON.stringify(compiled.report.findings, undefined, 1)}\n${converted.yaml}`);
  return compiled.snapshot.field.buses;
}

interface Registers {
  readonly unit: number;
  readonly holding?: Readonly<Record<number, readonly number[]>>;
  readonly input?: Readonly<Record<number, readonly number[]>>;
  readonly coils?: readonly number[];
  readonly discrete?: readonly number[];
}

function simulated(
  world: BusWorld,
  { unit, holding = {}, input = {}, coils = [], discrete = [] }: Registers,
): ModbusDevice {
  const device = new ModbusDevice({ unit, clock: world.clock, entropy: world.entropy });
  for (const [first, words] of Object.entries(holding)) device.holdingRegisters.store(Number(first), words);
  for (const [first, words] of Object.entries(input)) device.inputRegisters.store(Number(first), words);
  device.coils.store(0, coils);
  device.discreteInputs.store(0, discrete);
  return device;
}

/** What the points of each device read once everything was polled, by device and point. */
async function polled(world: BusWorld, buses: readonly BusSnapshot[]): Promise<Readonly<Record<string, unknown>>> {
  const started = buses.map((snapshot) => world.start(snapshot));
  await world.clock.advance(30_000);
  return Object.fromEntries(
    buses.flatMap((bus, index) =>
      bus.devices.map(({ name }) => {
        const found = started[index]?.status(true).devices.find((device) => device.name === name);
        return [name, Object.fromEntries((found?.points ?? []).map((point) => [point.name, point.value]))];
      }),
    ),
  );
}

test("an energy meter in the register style reads as Telegraf reads it", async () => {
  const buses = busesOf(`
[agent]
  interval = "5s"
[[inputs.modbus]]
  name = "meter"
  slave_id = 7
  timeout = "2s"
  controller = "tcp://meter.test:502"
  configuration_type = "register"
  discrete_inputs = [{ name = "breaker", address = [1] }]
  coils = [{ name = "reset", address = [0], data_type = "BOOL" }]
  holding_registers = [
    { name = "voltage", byte_order = "AB", data_type = "FIXED", scale = 0.1, address = [0] },
    { name = "current", byte_order = "CDAB", data_type = "FIXED", scale = 0.001, address = [1, 2] },
    { name = "energy", byte_order = "HGFEDCBA", data_type = "UINT64", scale = 1.0, address = [3, 4, 5, 6] },
    { name = "swapped", byte_order = "BA", data_type = "INT16", scale = 1.0, address = [7] },
    { name = "low", byte_order = "AB", data_type = "INT8L", scale = 1.0, address = [8] },
    { name = "high", byte_order = "AB", data_type = "UINT8H", scale = 1.0, address = [8] },
    { name = "serial", byte_order = "AB", data_type = "STRING", address = [10, 11, 12] },
  ]
  input_registers = [
    { name = "power", byte_order = "ABCD", data_type = "FLOAT32-IEEE", scale = 0.5, address = [0, 1] },
    { name = "unsigned", byte_order = "BADC", data_type = "FLOAT32", scale = 1.0, address = [2, 3] },
  ]
`);
  expect(buses[0]?.devices[0]).toMatchObject({ unit: 7, pollMs: 5_000, timeoutMs: 2_000 });
  await using world = busWorld();
  const meter = simulated(world, {
    unit: 7,
    coils: [1],
    discrete: [0, 1],
    holding: { 0: [2_301, 0xe360, 0xffff, 0x0100, 0, 0, 0, 0x00ff, 0x81fe], 10: [0x414c, 0x5048, 0x4131] },
    input: { 0: [0x42c8, 0x0000, 0x0100, 0x0200] },
  });
  await world.socket("meter.test", [meter]);
  const { meter: values } = await polled(world, buses);
  expect(values).toEqual({
    breaker: true,
    reset: true,
    voltage: expect.closeTo(230.1),
    current: expect.closeTo(-7.328),
    energy: "1", // 64 bits, which no JSON number holds
    swapped: -256,
    low: -2,
    high: 129,
    serial: "ALPHA1",
    power: 50,
    unsigned: 0x00010002,
  });
});

test.each([
  ["ABCD", [0x0102, 0x0304]],
  ["DCBA", [0x0403, 0x0201]],
  ["BADC", [0x0201, 0x0403]],
  ["CDAB", [0x0304, 0x0102]],
])("byte order %s is what Telegraf calls so", async (order, words) => {
  const buses = busesOf(`
[[inputs.modbus]]
  name = "d"
  controller = "tcp://d.test:502"
  configuration_type = "request"
  [[inputs.modbus.request]]
    slave_id = 1
    byte_order = "${order}"
    register = "input"
    fields = [{ address = 4, name = "x", type = "UINT32" }, { address = 5, name = "y", type = "UINT16" }]
`);
  await using world = busWorld();
  await world.socket("d.test", [simulated(world, { unit: 1, input: { 4: words } })]);
  const second = words[1] ?? 0;
  const y = order === "ABCD" || order === "CDAB" ? second : ((second & 0xff) << 8) | (second >> 8);
  expect(await polled(world, buses)).toEqual({ d: { x: 0x01020304, y } });
});

test("a serial line in the request style: several units, omitted fields, optimisation, workarounds", async () => {
  const buses = busesOf(`
[[inputs.modbus]]
  name = "line"
  controller = "file:///dev/ttyS2"
  baud_rate = 19200
  parity = "E"
  stop_bits = 1
  configuration_type = "request"
  busy_retries = 3
  busy_retries_wait = "200ms"
  [[inputs.modbus.request]]
    slave_id = 1
    register = "holding"
    optimization = "shrink"
    fields = [
      { address = 0, name = "a", type = "INT16", scale = 0.1 },
      { address = 1, type = "UINT32", omit = true },
      { address = 3, name = "b", type = "FLOAT32" },
      { address = 5, name = "flag", type = "BIT", bit = 3 },
    ]
  [[inputs.modbus.request]]
    slave_id = 2
    register = "coil"
    fields = [{ address = 0, name = "run" }, { address = 1, name = "skip", omit = true }, { address = 2, name = "stop", output = "BOOL" }]
  [inputs.modbus.workarounds]
    pause_after_connect = "100ms"
    pause_between_requests = "20ms"
    max_word_registers_per_request = 60
    read_coils_starting_at_zero = true
`);
  expect(buses[0]).toMatchObject({
    transport: { path: "/dev/ttyS2", parity: "even", stopBits: 1 },
    connectPauseMs: 100,
  });
  expect(buses[0]?.devices[0]).toMatchObject({
    requestGapMs: 20,
    busy: { retries: 3, retryMs: 200 },
    requests: {
      optimise: "shrink",
      registersMax: 60,
      coilsFromZero: true,
      blocks: [{ table: "holding-register", address: 0, count: 6 }],
    },
  });
  await using world = busWorld();
  const [bus] = buses;
  if (bus?.transport.kind !== "serial") throw new Error("a serial line was expected");
  const one = simulated(world, { unit: 1, holding: { 0: [123, 9, 9, 0x3fc0, 0, 0b1000] } });
  world.line([one, simulated(world, { unit: 2, coils: [1, 0, 1] })], bus.transport);
  expect(await polled(world, buses)).toEqual({
    "line-1": { a: expect.closeTo(12.3), b: 1.5, flag: true },
    "line-2": { run: true, stop: true },
  });
  // the omitted field is read along, as the file asks for: one request, not two
  expect(one.counters.requests).toBeLessThanOrEqual(5);
});

test("the metric style: tables by field, one optimisation for all, characters in the lower byte", async () => {
  const buses = busesOf(`
[[inputs.modbus]]
  name = "em340"
  controller = "tcp://em.test:502"
  configuration_type = "metric"
  optimization = "max_insert"
  optimization_max_register_fill = 10
  [[inputs.modbus.metric]]
    slave_id = 3
    byte_order = "CDAB"
    measurement = "energy"
    fields = [
      { register = "coil", address = 0, name = "door", output = "BOOL" },
      { register = "discrete", address = 0, name = "ok", output = "BOOL" },
      { address = 0, name = "volts", type = "INT32", scale = 0.1 },
      { register = "input", address = 0, name = "hz", type = "FLOAT16" },
      { address = 8, name = "firmware", type = "STRING", length = 3 },
    ]
    [inputs.modbus.metric.tags]
      place = "hall"
  [inputs.modbus.workarounds]
    string_register_location = "lower"
`);
  expect(buses[0]?.devices[0]?.requests).toMatchObject({ optimise: "max-insert", insertMax: 10 });
  await using world = busWorld();
  const meter = simulated(world, {
    unit: 3,
    coils: [1],
    discrete: [1],
    holding: { 0: [2_300, 0, 0, 0, 0, 0, 0, 0, 0x0056, 0x0031, 0x0032] },
    input: { 0: [0x5240] },
  });
  await world.socket("em.test", [meter]);
  expect(await polled(world, buses)).toEqual({ em340: { door: true, ok: true, volts: 230, hz: 50, firmware: "V12" } });
});
