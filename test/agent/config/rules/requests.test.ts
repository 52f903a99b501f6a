import { describe, expect, test } from "vitest";
import { edited, refusals, snapshotOf } from "../gateway-file.ts";

const DEVICE = "buses.0.devices.0";
const AT = "buses[0].devices[0]";
const holding = (name: string, address: number, keys: object = {}): object => ({
  name,
  table: "holding-register",
  address,
  ...keys,
});

describe("how points are read together", () => {
  test.each([
    [{ insertMax: 5 }, ["CONFIG_KEY_MEANINGLESS", "insertMax"]],
    [{ onePerPoint: true, optimise: "shrink" }, ["CONFIG_KEY_MEANINGLESS", "optimise"]],
    [
      { optimise: "max-insert", blocks: [{ table: "coil", address: 0, count: 8 }] },
      ["CONFIG_KEY_MEANINGLESS", "blocks"],
    ],
    [{ blocks: [{ table: "coil", address: 65_530, count: 8 }] }, ["CONFIG_BLOCK", "blocks[0].address"]],
    [{ optimise: "aggressive" }, ["CONFIG_VALUE_UNKNOWN", "optimise"]],
    [{ registersMax: 126 }, ["CONFIG_RANGE", "registersMax"]],
  ])("%j is refused where it would do something else than it says", (requests, [code, key]) => {
    expect(refusals(edited({ [`${DEVICE}.requests`]: requests }))).toEqual([`${code} ${AT}.requests.${key}`]);
  });

  test("a coil that no request from address 0 on reaches is refused", () => {
    const text = edited({
      [`${DEVICE}.requests`]: { coilsFromZero: true },
      [`${DEVICE}.points`]: [{ name: "far", table: "coil", address: 2_000 }],
    });
    expect(refusals(text)).toEqual([`CONFIG_MERGE_LIMIT ${AT}.points[0]`]);
  });

  test("blocks and points are counted from addressBase, and the snapshot as on the wire", () => {
    const { field } = snapshotOf(
      edited({
        [`${DEVICE}.addressBase`]: 1,
        [`${DEVICE}.requests`]: { blocks: [{ table: "holding-register", address: 1, count: 20 }] },
        [`${DEVICE}.points`]: [holding("first", 1), holding("last", 65_536)],
      }),
    );
    const device = field.buses[0]?.devices[0];
    expect(device?.requests?.blocks).toEqual([{ table: "holding-register", address: 0, count: 20 }]);
    expect(device?.points.map(({ address }) => address)).toEqual([0, 65_535]);
  });

  test("retries are only told where there are any, and their pause is nothing without them", () => {
    expect(snapshotOf(edited({ [`${DEVICE}.busyRetries`]: 3 })).field.buses[0]?.devices[0]?.busy).toEqual({
      retries: 3,
      retryMs: 100,
    });
    expect(refusals(edited({ [`${DEVICE}.busyRetryMs`]: 50 }))).toEqual([`CONFIG_KEY_MEANINGLESS ${AT}.busyRetryMs`]);
  });
});

describe("what reading clears", () => {
  const refused = (points: readonly object[], requests: object = {}) =>
    refusals(edited({ [`${DEVICE}.points`]: points, [`${DEVICE}.requests`]: requests }));
  const once = { clearOnRead: true };

  test("may be several points of the same registers and period, and nothing else", () => {
    const bits = [0, 1].map((bit) => holding(`b${bit}`, 4, { type: "bool", bit, ...once }));
    expect(refused(bits)).toEqual([]);
    const at = `CONFIG_CLEAR_ON_READ ${AT}.points[0].clearOnRead`;
    expect(refused([holding("a", 4, once), holding("b", 3, { type: "uint32" })])).toEqual([at]);
    expect(refused([holding("a", 4, once), holding("b", 4, { ...once, pollMs: 60_000 })])).toHaveLength(2);
    expect(refused([holding("a", 4, { ...once, output: {} })])).toEqual([at]);
    expect(refused([{ name: "c", table: "coil", address: 4, ...once }], { coilsFromZero: true })).toEqual([at]);
  });
});

describe("which wire a bus has", () => {
  test("is serial in ASCII with seven bits unless it says eight", () => {
    const ascii = { path: "/dev/ttyS1", baudRate: 9_600 };
    const transport = (over: object) =>
      snapshotOf(edited({ "buses.0.rtu": undefined, "buses.0.ascii": { ...ascii, ...over } })).field.buses[0]
        ?.transport;
    expect(transport({})).toEqual({
      kind: "serial",
      framing: "ascii",
      path: "/dev/ttyS1",
      baudRate: 9_600,
      parity: "even",
      dataBits: 7,
      stopBits: 1,
    });
    expect(transport({ dataBits: 8, parity: "none" })).toMatchObject({ dataBits: 8, stopBits: 2 });
  });

  test("is a serial line's, with its unit ids and late answers, also behind a socket", () => {
    const framed = (keys: object) => edited({ "buses.1.tcp.framing": "rtu", ...keys });
    expect(snapshotOf(framed({})).field.buses[1]?.transport).toMatchObject({ kind: "tcp", framing: "rtu", port: 502 });
    expect(refusals(framed({ "buses.1.devices.0.lateReplyMs": 500, "buses.1.turnaroundMs": 50 }))).toEqual([]);
    expect(refusals(framed({ "buses.1.devices.0.unit": 0 }))).toEqual(["CONFIG_SERIAL_UNIT buses[1].devices[0].unit"]);
  });

  test("is one line, whichever way it is spoken on", () => {
    const text = edited({
      "buses.1.tcp": undefined,
      "buses.1.ascii": { path: "/dev/ttyS1" },
    });
    expect(refusals(text)).toEqual(["CONFIG_BUS_SHARED buses[1].ascii.path"]);
    expect(refusals(edited({ "buses.0.ascii": { path: "/dev/ttyUSB0" } }))).toEqual([
      "CONFIG_TRANSPORT buses[0].ascii",
      "CONFIG_UNSTABLE_PATH buses[0].ascii.path",
    ]);
  });

  test("has pauses and closing where they mean something", () => {
    const told = snapshotOf(edited({ "buses.1.closeAfterPolls": true, "buses.1.connectPauseMs": 300 })).field.buses[1];
    expect(told).toMatchObject({ closeAfterPolls: true, connectPauseMs: 300 });
    expect(refusals(edited({ "buses.0.closeAfterPolls": true }))).toEqual([
      "CONFIG_KEY_MEANINGLESS buses[0].closeAfterPolls",
    ]);
  });
});

test("half a register is no output", () => {
  const points = [holding("p", 0, { type: "uint8", output: {} })];
  expect(refusals(edited({ [`${DEVICE}.points`]: points }))).toEqual([`CONFIG_OUTPUT_WRITE ${AT}.points[0].output`]);
});

test.each([
  [{ byte: "high" }, "byte"],
  [{ byteLocation: "upper" }, "byteLocation"],
])("%j is refused where there is no byte to choose", (keys, key) => {
  expect(refusals(edited({ [`${DEVICE}.points`]: [holding("p", 0, keys)] }))).toEqual([
    `CONFIG_KEY_MEANINGLESS ${AT}.points[0].${key}`,
  ]);
});
