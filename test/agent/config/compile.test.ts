import { expect, test } from "vitest";
import { pumpingStationConfig } from "../../../simulator/plant/gateway-config.ts";
import { RIGHT, edited, findingsOf, snapshotOf } from "./gateway-file.ts";

test("every default and every inherited value is written out in the snapshot", () => {
  const { field, uplink, digest } = snapshotOf(RIGHT);
  expect(digest).toMatch(/^[0-9a-f]{64}$/u);
  expect(field).toMatchObject({ site: "riverside", device: "gateway-1", queueValuesMax: 200_000 });
  const point = {
    table: "input-register",
    address: 0,
    count: 1,
    type: "uint16",
    wordOrder: "big",
    byteOrder: "big",
    pollMs: 1_000,
    scale: 1,
    offset: 0,
    deadband: 0,
    heartbeatMs: 60_000,
  };
  expect(field.buses[0]).toEqual({
    name: "line-1",
    transport: {
      kind: "serial",
      framing: "rtu",
      path: "/dev/ttyS1",
      baudRate: 19_200,
      parity: "even",
      dataBits: 8,
      stopBits: 1,
    },
    turnaroundMs: 100,
    broadcast: false,
    devices: [1, 2].map((unit) => ({
      name: `pump-${unit}`,
      unit,
      pollMs: 1_000,
      timeoutMs: 300,
      lateReplyMs: 600,
      requestGapMs: 0,
      probeMsMax: 60_000,
      points: [{ name: "speed", ...point }],
    })),
  });
  expect(field.buses[1]?.transport).toEqual({ kind: "tcp", framing: "mbap", host: "192.0.2.10", port: 502 });
  expect(field.buses[1]?.devices[0]).toMatchObject({ timeoutMs: 1_000, lateReplyMs: 2_000 });
  expect(field.buses[1]?.devices[0]?.points[0]).toMatchObject({ type: "float32", count: 2 });
  expect(uplink).toEqual({
    site: "riverside",
    device: "gateway-1",
    sparkplug: { group: "riverside", edgeNode: "gateway-1" },
    publishMs: 250,
    rebirthsPerMinute: 6,
    interfaceNames: [],
    returnMs: 300_000,
    managementPrefix: "holdfast/v1",
    budget: { day: {}, month: {} },
    brokers: [
      {
        transport: "tcp",
        host: "broker.example.org",
        port: 8_883,
        path: "/",
        tlsVersionMin: "1.3",
        hybridOnly: false,
        retains: true,
        keepaliveSMin: 15,
        serverName: "broker.example.org",
        protocol: "auto",
        clientId: "riverside-gateway-1",
        keepaliveS: 60,
        connectTimeoutMs: 15_000,
        retryMsMin: 1_000,
        retryMsMax: 60_000,
        packetBytesMax: 262_144,
        anchorsPath: "/etc/holdfast/pki/ca.pem",
        certificatePath: "/etc/holdfast/pki/gateway.pem",
        keyPath: "/etc/holdfast/gateway.key",
      },
    ],
  });
});

test("a point takes its device's period unless it has its own", () => {
  const { field } = snapshotOf(
    edited({
      "buses.0.devices.0.pollMs": 5_000,
      "buses.0.devices.1.pollMs": 5_000,
      "buses.0.devices.1.points.0.pollMs": 250,
    }),
  );
  expect(field.buses[0]?.devices.map((device) => device.points[0]?.pollMs)).toEqual([5_000, 250]);
});

test("a timeout of one's own moves the time in which late replies are thrown away", () => {
  const { field } = snapshotOf(
    edited({
      "buses.0.devices.0.timeoutMs": 500,
      "buses.0.devices.1.timeoutMs": 500,
      "buses.0.devices.1.lateReplyMs": 0,
    }),
  );
  expect(field.buses[0]?.devices.map((device) => device.lateReplyMs)).toEqual([1_000, 0]);
});

test("without parity a character has two stop bits, unless the file says one", () => {
  const stopBits = (rtu: object): unknown => {
    const transport = snapshotOf(edited({ "buses.0.rtu": { path: "/dev/ttyS1", ...rtu } })).field.buses[0]?.transport;
    return transport?.kind === "serial" ? transport.stopBits : undefined;
  };
  expect(stopBits({})).toBe(1);
  expect(stopBits({ parity: "none" })).toBe(2);
  expect(stopBits({ parity: "none", stopBits: 1 })).toBe(1);
});

test("network interfaces of each side reach their sockets, and a bus may choose its own", () => {
  const { field, uplink } = snapshotOf(edited({ interfaces: { field: "eth1", uplink: ["eth0", "wwan0"] } }));
  expect(field.buses[1]?.transport).toMatchObject({ interfaceName: "eth1" });
  expect(uplink.interfaceNames).toEqual(["eth0", "wwan0"]);
  const own = edited({ interfaces: { field: "eth1" }, "buses.1.tcp.interface": "eth2" });
  expect(snapshotOf(own).field.buses[1]?.transport).toMatchObject({ interfaceName: "eth2" });
});

test("how points become requests is only told where a device says so, and then has the limits of the standard", () => {
  expect(snapshotOf(RIGHT).field.buses[0]?.devices[0]).not.toHaveProperty("requests");
  const told = (requests: object) =>
    snapshotOf(edited({ "buses.0.devices.0.requests": requests })).field.buses[0]?.devices[0]?.requests;
  expect(told({})).toEqual({
    optimise: "none",
    insertMax: 0,
    onePerPoint: false,
    registersMax: 125,
    bitsMax: 2_000,
    coilsFromZero: false,
    blocks: [],
  });
  expect(told({ optimise: "max-insert" })).toMatchObject({ optimise: "max-insert", insertMax: 50 });
});

test.each([
  ["a register", { table: "holding-register", address: 1 }, "single"],
  ["a coil", { table: "coil", address: 1 }, "single"],
  ["two registers", { table: "holding-register", address: 1, type: "float32" }, "multiple"],
  ["a bit of a register", { table: "holding-register", address: 1, type: "bool", bit: 4 }, "mask"],
])("an output in %s is written with the function that touches nothing else", (_what, point, write) => {
  const text = edited({ "buses.0.devices.0.points": [{ name: "output", ...point, output: {} }] });
  expect(snapshotOf(text).field.buses[0]?.devices[0]?.points[0]).toHaveProperty("output", { write });
});

test("800 devices of 30 points fit in one file and in one snapshot", () => {
  const points = Array.from({ length: 30 }, (_, index) => ({
    name: `p${index}`,
    table: "input-register",
    address: index,
  }));
  const buses = Array.from({ length: 800 }, (_, index) => ({
    name: `bus-${index}`,
    tcp: { host: `10.0.${index >> 8}.${index & 255}` },
    devices: [{ name: `device-${index}`, unit: 1, points }],
  }));
  expect(snapshotOf(edited({ buses })).field.buses).toHaveLength(800);
});

test("the simulated plant's own configuration compiles", () => {
  const text = pumpingStationConfig({
    site: "riverside",
    device: "gateway-1",
    rtuPath: "/dev/pts/1",
    tcpHost: "127.0.0.1",
    tcpPorts: { flow: 1502, panel: 1503 },
    broker: { url: "mqtts://localhost:8883", anchors: "ca.pem", certificate: "gateway.pem", key: "gateway.key" },
  });
  expect(snapshotOf(text).field.buses).toHaveLength(3);
});

test("at most 100 findings are reported, and the last says how many there are besides", () => {
  const points = Array.from({ length: 250 }, (_, index) => ({ name: `p${index}`, table: "coil", address: -1 }));
  const findings = findingsOf(edited({ "buses.0.devices.0.points": points }));
  expect(findings).toHaveLength(100);
  expect(findings.at(-1)).toMatchObject({ code: "CONFIG_FINDINGS_MORE", message: "151 more findings are not shown" });
});
