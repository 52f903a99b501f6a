import { expect, test } from "vitest";
import { SERIAL_LINES_MAX } from "../../../../agent/config/snapshot.ts";
import { edited, onlyFinding, refusals } from "../gateway-file.ts";

const point = (keys: object): string => edited({ "buses.0.devices.0.points": [{ name: "p", address: 0, ...keys }] });

test.each<[string, object, string]>([
  ["a discrete input with uint16", { table: "discrete-input", type: "uint16" }, "CONFIG_TABLE_TYPE type"],
  ["a string without length", { table: "holding-register", type: "string" }, "CONFIG_STRING_LENGTH type"],
  ["a number with length", { table: "holding-register", length: 2 }, "CONFIG_STRING_LENGTH length"],
  ["a bit of a number", { table: "holding-register", bit: 2 }, "CONFIG_BIT bit"],
  ["a bit of a coil", { table: "coil", bit: 2 }, "CONFIG_BIT bit"],
  ["a scaled bool", { table: "coil", scale: 2 }, "CONFIG_KEY_MEANINGLESS scale"],
  ["a string with dead-band", { table: "holding-register", type: "string", length: 2, deadband: 1 }, "CONFIG_KEY_MEANINGLESS deadband"],
  ["float64 in the last registers", { table: "holding-register", type: "float64", address: 65_533 }, "CONFIG_ADDRESS_WRAPS address"],
  ["an empty range", { table: "holding-register", low: 5, high: 5 }, "CONFIG_RANGE_ORDER high"],
  ["an output on an input register", { table: "input-register", output: {} }, "CONFIG_OUTPUT_READ_ONLY output"],
  ["an empty output range", { table: "holding-register", output: { low: 5, high: 1 } }, "CONFIG_RANGE_ORDER output.high"],
  ["a float written singly", { table: "holding-register", type: "float32", output: { write: "single" } }, "CONFIG_OUTPUT_WRITE output.write"],
  ["a bit written as a register", { table: "holding-register", type: "bool", bit: 1, output: { write: "single" } }, "CONFIG_OUTPUT_WRITE output.write"],
  ["a masked coil", { table: "coil", output: { write: "mask" } }, "CONFIG_OUTPUT_WRITE output.write"],
  ["limits of a coil output", { table: "coil", output: { high: 1 } }, "CONFIG_KEY_MEANINGLESS output.high"],
])("%s is refused", (_what, keys, expected) => {
  const [code, path] = expected.split(" ");
  expect(refusals(point(keys))).toEqual([`${code} buses[0].devices[0].points[0].${path}`]);
}); // prettier-ignore

test("more serial lines than there are threads for are refused; sockets need none", () => {
  const line = (path: string) => ({
    name: path.slice(5),
    rtu: { path },
    devices: [{ name: `on-${path.slice(5)}`, unit: 1, points: [{ name: "p", table: "coil", address: 0 }] }],
  });
  const lines = (count: number) => Array.from({ length: count }, (_, i) => line(`/dev/ttyS${i}`));
  expect(refusals(edited({ buses: lines(SERIAL_LINES_MAX) }))).toEqual([]);
  expect(refusals(edited({ buses: lines(SERIAL_LINES_MAX + 1) }))).toEqual(["CONFIG_SIZE buses[16].rtu"]);
});

test("a string longer than Modbus writes at once is no output", () => {
  const text = (length: number): string => point({ table: "holding-register", type: "string", length, output: {} });
  expect(refusals(text(124))).toEqual(["CONFIG_OUTPUT_WRITE buses[0].devices[0].points[0].output"]);
  expect(refusals(text(123))).toEqual([]);
});

test.each<[string, object]>([
  ["the last register", { table: "holding-register", address: 65_535 }],
  ["float64 just before the end", { table: "holding-register", type: "float64", address: 65_532 }],
  ["a bit of a register", { table: "input-register", type: "bool", bit: 15 }],
  ["a falling scale", { table: "input-register", scale: -0.5 }],
  ["a coil written with function 15", { table: "coil", output: { write: "multiple" } }],
  ["a range open on one side", { table: "input-register", high: 0 }],
])("%s is accepted", (_what, keys) => {
  expect(refusals(point(keys))).toEqual([]);
});

test("the rules for a point wait until its keys are right one by one", () => {
  expect(refusals(point({ table: "holding-register", type: "boolean", bit: 3 }))).toEqual([
    "CONFIG_VALUE_UNKNOWN buses[0].devices[0].points[0].type",
  ]);
});

test.each([0, 248, 255])("unit %i is refused on a serial line and fine over TCP", (unit) => {
  expect(refusals(edited({ "buses.0.devices.0.unit": unit }))).toEqual(["CONFIG_SERIAL_UNIT buses[0].devices[0].unit"]);
  expect(refusals(edited({ "buses.1.devices.0.unit": unit }))).toEqual([]);
});

test("the same unit id on two buses is fine, the same device name is not", () => {
  expect(refusals(edited({ "buses.1.devices.0.name": "pump-1" }))).toEqual([
    "CONFIG_NAME_DUPLICATE buses[1].devices[0].name",
  ]);
  expect(refusals(edited({ "buses.1.name": "line-1" }))).toEqual(["CONFIG_NAME_DUPLICATE buses[1].name"]);
});

test("what only a serial line has is refused over TCP", () => {
  expect(refusals(edited({ "buses.1.broadcast": true }))).toEqual(["CONFIG_KEY_MEANINGLESS buses[1].broadcast"]);
  expect(refusals(edited({ "buses.1.turnaroundMs": 5 }))).toEqual(["CONFIG_KEY_MEANINGLESS buses[1].turnaroundMs"]);
  expect(refusals(edited({ "buses.1.devices.0.lateReplyMs": 5 }))).toEqual([
    "CONFIG_KEY_MEANINGLESS buses[1].devices[0].lateReplyMs",
  ]);
  expect(refusals(edited({ "buses.0.broadcast": true, "buses.0.turnaroundMs": 50 }))).toEqual([]);
});

test("one line or socket belongs to one bus, however its host is spelled", () => {
  const second = (tcp: object, first = "192.0.2.10"): readonly string[] =>
    refusals(
      edited({
        "buses.1.tcp.host": first,
        "buses.2": {
          name: "third",
          tcp,
          devices: [{ name: "d", unit: 1, points: [{ name: "p", table: "coil", address: 0 }] }],
        },
      }),
    );
  expect(second({ host: "192.0.2.10", port: 502 })).toEqual(["CONFIG_BUS_SHARED buses[2].tcp.host"]);
  expect(second({ host: "Meter.Local." }, "meter.local")).toEqual(["CONFIG_BUS_SHARED buses[2].tcp.host"]);
  expect(second({ host: "fe80:0::1" }, "fe80::1")).toEqual(["CONFIG_BUS_SHARED buses[2].tcp.host"]);
  expect(second({ host: "192.0.2.10", port: 503 })).toEqual([]);
  expect(second({ host: "192.0.2.10", interface: "eth2" })).toEqual([]);
});

test.each(["/dev/ttyUSB12", "/dev/ttyACM0"])("%s is refused: its number moves", (path) => {
  expect(refusals(edited({ "buses.0.rtu.path": path }))).toEqual(["CONFIG_UNSTABLE_PATH buses[0].rtu.path"]);
});

test.each(["/dev/serial/by-id/usb-x", "/dev/serial/by-path/y", "/dev/ttyS0", "/dev/ttyAMA0", "/dev/pts/3"])(
  "%s is accepted",
  (path) => expect(refusals(edited({ "buses.0.rtu.path": path }))).toEqual([]),
);

test.each([
  ["10.0.0.300", /such as 192\.0\.2\.10/],
  ["10.0.0.010", /write "10\.0\.0\.10": a leading 0 means octal/],
  ["192.0.2.1:503", /write `host: 192\.0\.2\.1` and `port: 503`/],
  ["http://plc.local/", /write "plc\.local"/],
  ["[fe80::1]:502", /write "fe80::1", without brackets/],
  ["plc 1", /a name of letters/],
])("the host %s is refused with a hint", (host, hint) => {
  expect(onlyFinding(edited({ "buses.1.tcp.host": host }))).toMatchObject({
    code: "CONFIG_HOST",
    hint: expect.stringMatching(hint),
  });
});

test.each(["plc-1", "plc_1.local", "192.0.2.1", "::1", "fe80::1%eth1"])("the host %s is accepted", (host) =>
  expect(refusals(edited({ "buses.1.tcp.host": host }))).toEqual([]),
);
