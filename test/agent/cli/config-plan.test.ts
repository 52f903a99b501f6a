import { expect, test } from "vitest";
import { configCommand } from "../../../agent/cli/config.ts";
import { edited } from "../config/gateway-file.ts";

async function plan(args: readonly string[], text: string) {
  let [out, err] = ["", ""];
  const exit = await configCommand(["plan", ...args], {
    out: (said) => void (out += said),
    err: (said) => void (err += said),
    isTty: false,
    columns: 80,
    readFile: (path) => (path === "gateway.yaml" ? Promise.resolve(text) : Promise.reject(new Error("no such file"))),
  });
  return { exit, out, err };
}

const registers = (count: number, keys: object = {}): object[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `p${index}`,
    table: "holding-register",
    address: index,
    ...keys,
  }));
const RUN = { name: "run", table: "coil", address: 0, output: {} };

test("says how full each bus is, with what is asked of each device and what a dead one costs", async () => {
  const text = edited({
    "buses.0.rtu.baudRate": 9_600,
    "buses.0.devices.0.points": registers(20),
    "buses.0.devices.0.requests": { onePerPoint: true },
  });
  const { exit, out, err } = await plan(["gateway.yaml", "--answer", "5"], text);
  expect([exit, err]).toEqual([0, ""]);
  // 21 requests of 15 characters, two silences and 5 ms: 30.2 ms each
  expect(out).toMatch(/^line-1 {2}63 % full at 9600 baud {2}\[#{16}-{8}\] {2}21 requests a second$/mu);
  expect(out).toMatch(/^ {2}pump-1 {2}unit 1 {2}60 %$/mu);
  expect(out).toMatch(/fn 3 {2}1 holding register from 0 +1 point +every 1 s +takes 30 ms +3 %/u);
  expect(out).toMatch(/and 9 more, 27 % together/u);
  expect(out).toMatch(/10 % full if points are read together \(`requests: \{ optimise: max-insert \}`\)/u);
  expect(out).toMatch(/one dead device costs the others 300 ms once, then at most 3\.5 % of their time/u);
  expect(out).toMatch(/^meter {2}.* full over TCP/mu);
});

test("names the device that cannot be met, although the file is refused for it", async () => {
  const text = edited({ "buses.0.rtu.baudRate": 9_600, "buses.0.devices.1.pollMs": 20 });
  const { exit, out, err } = await plan(["gateway.yaml"], text);
  expect(exit).toBe(1);
  expect(out).toMatch(/cannot be met {2}pump-2 at 9600 baud: needs 17\d % alone/u);
  expect(err).toContain("CONFIG_POLL_IMPOSSIBLE");
});

test("names the largest shares where no device alone is too much", async () => {
  const devices = [1, 2, 3, 4].map((unit) => ({ name: `m-${unit}`, unit, pollMs: 100, points: registers(unit * 4) }));
  const { exit, out } = await plan(
    ["gateway.yaml"],
    edited({ "buses.0.rtu.baudRate": 9_600, "buses.0.devices": devices }),
  );
  expect(exit).toBe(1);
  expect(out).toMatch(/together the devices need 223 % at 9600 baud; the most: m-4 \d+ %, m-3 \d+ %, m-2 \d+ %/u);
});

test("shows the fail-safe plan step by step, also one that takes too long, and what is worth knowing", async () => {
  const steps = [{ output: "pump-1/run", value: false, waitMs: 500 }];
  const points = [RUN, { ...RUN, name: "lamp", address: 1 }];
  const text = (finishMsMax: number) => edited({ "buses.0.devices.0.points": points, plan: { finishMsMax, steps } });
  const right = await plan(["gateway.yaml"], text(20_000));
  expect(right.exit).toBe(0);
  expect(right.out).toMatch(/^fail-safe plan {2}it may take 20 s$/mu);
  expect(right.out).toMatch(
    /line-1 {2}usually \d+ ms, at worst \d\.\d s from the death of the process, \d\.\d s from a trigger/u,
  );
  expect(right.out).toMatch(/1\. pump-1\/run = off +after 500 ms, usually \d+ ms, at worst \d+ ms/u);
  expect(right.out).toMatch(
    /note {2}pump-1 has outputs, and nobody has said whether it has a communication-loss timer/u,
  );
  expect(right.out).toMatch(/note {2}pump-1\/lamp has no step/u);
  expect(right.out).toMatch(/note {2}nothing makes the plan due but an operator/u);
  const slow = await plan(["gateway.yaml"], text(1_000));
  expect([slow.exit, slow.out.includes("fail-safe plan")]).toEqual([1, true]);
  expect(slow.err).toContain("CONFIG_PLAN_TIME");
});

test("--json has the same in figures, and the findings", async () => {
  const text = edited({ "buses.0.devices.0.points": [RUN], plan: { steps: [{ output: "pump-1/run", value: false }] } });
  const { exit, out } = await plan(["--json", "gateway.yaml"], text);
  expect(exit).toBe(0);
  const said = JSON.parse(out) as Record<string, unknown>;
  expect(said).toMatchObject({
    ok: true,
    findings: [],
    answerMs: 10,
    buses: [
      {
        name: "line-1",
        baudRate: 19_200,
        deadDevice: { onceMs: 300 },
        devices: [{ name: "pump-1" }, { name: "pump-2" }],
      },
      { name: "meter", devices: [{ requests: [{ function: 3, address: 100, count: 2, points: 1, everyMs: 1_000 }] }] },
    ],
    plan: { finishMsMax: 30_000, buses: [{ name: "line-1", steps: [{ output: "pump-1/run", value: false }] }] },
    notes: [{ code: "LOSS_TIMER_UNKNOWN", about: "pump-1" }, { code: "PLAN_ONLY_BY_HAND" }],
  });
  const refused = await plan(["gateway.yaml", "--json"], edited({ "buses.0.devices.1.unit": 1 }));
  expect(refused.exit).toBe(1);
  const report = JSON.parse(refused.out) as Record<string, unknown>;
  expect(report).toMatchObject({ ok: false, findings: [{ code: "CONFIG_UNIT_DUPLICATE" }] });
  expect(report).not.toHaveProperty("buses");
});

test.each([
  [[]],
  [["a", "b"]],
  [["gateway.yaml", "--answer", "soon"]],
  [["gateway.yaml", "--answer", "-1"]],
  [["gateway.yaml", "--answer", "99999"]],
  [["gateway.yaml", "--why"]],
])("used wrongly with %j, it says so and exits 2", async (args) => {
  const { exit, out } = await plan(args, edited({}));
  expect([exit, out]).toEqual([2, ""]);
});

test("a file that is not there is refused with a code", async () => {
  const { exit, err } = await plan(["nothing.yaml"], edited({}));
  expect([exit, err]).toEqual([1, "holdfast: CONFIG_FILE_UNREADABLE: no such file\n"]);
});
