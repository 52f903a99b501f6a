import { expect, test } from "vitest";
import { OUTPUTS_MAX } from "../../../../agent/contract/outputs.ts";
import type { OutputGuard } from "../../../../agent/config/snapshot/outputs.ts";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { edited, findingsOf, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

const coil = (name: string, address: number, output?: object): object => ({
  name,
  table: "coil",
  address,
  ...(output === undefined ? {} : { output }),
});

/** Three pumps on one line, each with a coil `run`, and a well with a level. */
function pumps(outputs: readonly object[], file: Readonly<Record<string, unknown>> = {}): string {
  const devices = outputs.map((output, index) => ({
    name: `pump-${index + 1}`,
    unit: index + 1,
    points: [coil("run", 0, output), coil("remote", 1)],
  }));
  return edited({ "buses.0.devices": devices, ...file });
}

function guardOf(text: string, device = 0): OutputGuard | undefined {
  const { field } = snapshotOf(text);
  expect(checkFieldSnapshot(field)).toBe(field);
  const point = field.buses[0]?.devices[device]?.points[0];
  return point === undefined || point.type === "record" ? undefined : point.output?.guard;
}

test("an output that declares no more than its range has no guard, and the file its digest of before", () => {
  expect(guardOf(pumps([{}]))).toBeUndefined();
  expect(snapshotOf(pumps([{}])).field).not.toHaveProperty("plan");
});

test("whoever declares anything gets every default written out", () => {
  expect(guardOf(pumps([{ intervalMsMin: 500 }]))).toEqual({
    intervalMsMin: 500,
    permissives: [],
    excludes: [],
    readBackMsMax: 5_000,
    onStart: "leave",
    onRestart: "leave",
    onHold: "leave",
  });
  const slow = edited({ "buses.0.devices.0.points": [{ ...coil("run", 0, { onHold: "leave" }), pollMs: 60_000 }] });
  expect(guardOf(slow)?.readBackMsMax).toBe(180_000);
});

test("exclusion is said at one output and holds at both, also at one that says nothing itself", () => {
  const text = pumps([{ excludes: ["pump-2/run", "pump-3/run"] }, {}, { intervalMsMin: 1 }]);
  expect([0, 1, 2].map((device) => guardOf(text, device)?.excludes)).toEqual([
    ["pump-2/run", "pump-3/run"],
    ["pump-1/run"],
    ["pump-1/run"],
  ]);
});

test("a ring of three says something new at each of them, and is no circle", () => {
  const text = pumps([{ excludes: ["pump-2/run"] }, { excludes: ["pump-3/run"] }, { excludes: ["pump-1/run"] }]);
  expect(guardOf(text, 1)?.excludes).toEqual(["pump-1/run", "pump-3/run"]);
});

test("conditions are compiled, and keep what a technician is told", () => {
  const guard = guardOf(
    pumps([
      {
        remoteEnable: "[pump-1/remote]",
        permissives: [{ when: "[pump-2/run]", text: "first pump 2" }, { when: "1 < 2" }],
      },
      {},
    ]),
  );
  expect(guard?.remoteEnable?.points).toEqual(["pump-1/remote"]);
  expect(guard?.permissives.map(({ text, when }) => [text, when.text])).toEqual([
    ["first pump 2", "[pump-2/run]"],
    [undefined, "1 < 2"],
  ]);
});

test.each([
  ["[pump-2/run] or [pump-1/remote]", []],
  ["[pump-2/run] or not ([pump-2/run] == false)", ["CONFIG_OUTPUT_CIRCLE"]],
  ["not [pump-2/run]", []],
  ["[pump-2/run] != false and [pump-1/remote]", ["CONFIG_OUTPUT_CIRCLE"]],
  ["if([pump-1/remote], [pump-2/run], true)", []],
])("%s beside a second pump that waits for the first: %j", (when, codes) => {
  const text = pumps([{ permissives: [{ when }] }, { remoteEnable: "[pump-1/run]" }]);
  expect(findingsOf(text).map(({ code }) => code)).toEqual(codes);
});

test("a circle is reported once, with every place in it", () => {
  const { message } = onlyFinding(
    pumps([{ remoteEnable: "[pump-2/run]" }, { remoteEnable: "[pump-3/run]" }, { remoteEnable: "[pump-1/run]" }]),
  );
  for (const device of [0, 1, 2]) expect(message).toContain(`buses[0].devices[${device}].points[0].output`);
});

test("an output on a bus that only listens is refused", () => {
  expect(refusals(pumps([{}], { "buses.0.listenOnly": true }))).toContain(
    "CONFIG_OUTPUT_LISTEN_ONLY buses[0].devices[0].points[0].output",
  );
});

test(`${OUTPUTS_MAX} outputs are taken, one more is not`, () => {
  const many = (count: number): string =>
    edited({ "buses.1.devices.0.points": Array.from({ length: count }, (_, index) => coil(`c${index}`, index, {})) });
  expect(refusals(many(OUTPUTS_MAX))).toEqual([]);
  expect(refusals(many(OUTPUTS_MAX + 1))).toEqual([`CONFIG_SIZE buses[1].devices[0].points[${OUTPUTS_MAX}].output`]);
});

test("a setpoint may be restored after a restart where something at the machine allows it", () => {
  const restored = { onRestart: "last-commanded", permissives: [{ when: "[pump-1/remote]" }] };
  expect(guardOf(pumps([restored]))?.onRestart).toBe("last-commanded");
});

test("a communication-loss timer is a point of its own device, or said to be none", () => {
  const timer = (communicationLossTimer: object): string =>
    edited({ "buses.0.devices.0.communicationLossTimer": communicationLossTimer });
  const built = (text: string) => snapshotOf(text).field.buses[0]?.devices[0]?.communicationLossTimer;
  expect(built(timer({ point: "speed" }))).toEqual({ point: "speed" });
  expect(built(timer({ none: true }))).toEqual({ none: true });
  expect(refusals(timer({ none: false }))).toEqual(["CONFIG_LOSS_TIMER buses[0].devices[0].communicationLossTimer"]);
  expect(refusals(timer({ none: true, point: "speed" }))).toHaveLength(1);
});
