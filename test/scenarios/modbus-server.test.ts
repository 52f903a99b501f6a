import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { RawClient } from "../agent/uplink/modbus-server/server-world.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { scenario } from "./world.ts";
import type { Scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const HOST = "192.0.2.1";
const SCADA = "192.0.2.50";
const withServer = (yaml: string): string => `${yaml}
io:
  inputs: [{ name: lid, role: tamper, line: "gpio:1" }]
modbusServer:
  host: ${HOST}
  clients: [${SCADA}]
  entries:
    - { point: level-transmitter/well-level, table: input-register, address: 0, type: float32 }
    - { point: discharge-valve/position, table: input-register, address: 2, type: uint16, scale: 0.1 }
    - { point: level-transmitter/tag, table: input-register, address: 10, length: 4 }
    - { point: discharge-valve/open-limit, table: discrete-input, address: 0 }
    - { point: io/lid, table: discrete-input, address: 1 }
`;

async function connect(world: Scenario): Promise<RawClient> {
  const target = { kind: "tcp", host: HOST, port: 1_502 } as const;
  const connecting = world.network.connectFrom(SCADA, target, new AbortController().signal);
  await clock.advance(1);
  return new RawClient(await connecting, clock);
}

const level = async (scada: RawClient): Promise<string | number | undefined> => {
  const reply = await scada.read(4, 0, 2);
  return reply?.startsWith("0404") === true ? Buffer.from(reply, "hex").readFloatBE(2) : reply;
};

test("legacy SCADA reads the plant without a broker, and a broker that comes and goes changes nothing", async () => {
  await using world = await scenario(clock, { brokerDown: true, edit: withServer });
  await world.pass(5_000);
  const scada = await connect(world);
  expect(await level(scada)).toBeCloseTo(Number(await shownLevel(world)), 1);
  expect(await scada.read(4, 10, 4)).toBe(`0408${Buffer.from("LT-101\0\0").toString("hex")}`);
  expect((await world.status()).uplink?.state).not.toBe("online");
  await world.broker.start();
  await world.pass(65_000);
  expect((await world.status()).uplink?.state).toBe("online");
  expect(await level(scada)).toEqual(expect.any(Number));
  await world.broker.stop();
  for (let i = 0; i < 20; i++) {
    await world.pass(500);
    expect(await level(scada)).toEqual(expect.any(Number));
  }
  expect(scada.closed).toBe(false);
  expect((await world.status()).uplink?.modbusServer).toMatchObject({ listening: true, clients: 1, unanswered: 0 });
});

test("while field is away every read is an exception, and values come back with it", async () => {
  await using world = await scenario(clock, { edit: withServer });
  await world.pass(5_000);
  const scada = await connect(world);
  expect(await level(scada)).toEqual(expect.any(Number));
  await world.gateway.stop("field");
  expect(await level(scada)).toBe("840b");
  await world.pass(30_000);
  expect(await level(scada)).toBe("840b");
  world.gateway.start("field");
  await world.pass(5_000);
  expect(await level(scada)).toEqual(expect.any(Number));
  expect(scada.closed).toBe(false);
});

test("a device that does not answer has no value for SCADA, while its neighbours do", async () => {
  await using world = await scenario(clock, { edit: withServer });
  await world.pass(5_000);
  const scada = await connect(world);
  world.station.devices["level-transmitter"].inject({ kind: "silence" });
  await world.pass(10_000);
  expect(await level(scada)).toBe("840b");
  expect(await scada.read(4, 2, 1)).toMatch(/^0402/);
});

test("the gateway's own inputs are shown, too", async () => {
  await using world = await scenario(clock, { edit: withServer });
  await world.pass(2_000);
  const scada = await connect(world);
  expect(await scada.read(2, 1, 1)).toBe("020100");
  world.digitalIo.drive("gpio:1", true);
  await world.pass(1_000);
  expect(await scada.read(2, 1, 1)).toBe("020101");
  expect((await world.status()).field?.io?.inputs).toMatchObject([{ name: "lid", role: "tamper", value: true }]);
  expect(world.host.current.get("io/lid")).toBe(true);
});

test("nothing that a client sends reaches a bus as a write", async () => {
  await using world = await scenario(clock, { edit: withServer });
  await world.pass(5_000);
  const scada = await connect(world);
  for (let code = 0; code < 256; code++) {
    if (code >= 1 && code <= 4) continue;
    const asked = Buffer.from([code, 0, 0, 0, 1, 2, 0, 1]).toString("hex");
    expect((await scada.ask(asked))?.slice(2)).toBe("01");
  }
  const { field, uplink } = await world.status();
  expect(field?.buses.map(({ counters }) => counters.writes)).toEqual(field?.buses.map(() => 0));
  expect(uplink?.modbusServer).toMatchObject({ refusedWrites: 7, lastFault: { code: "MODBUS_SERVER_WRITE_REFUSED" } });
});

async function shownLevel(world: Scenario): Promise<unknown> {
  const { field } = await world.status(true);
  const points = field?.buses.flatMap(({ devices }) => devices.flatMap(({ points: all }) => all)) ?? [];
  return points.find(({ name }) => name === "well-level")?.value;
}
