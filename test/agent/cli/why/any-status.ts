import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import { ALARM_STATES } from "../../../../agent/contract/alarms.ts";
import type { AlarmsStatus } from "../../../../agent/contract/alarms.ts";
import type { Fault } from "../../../../agent/contract/fault.ts";
import type { IoStatus } from "../../../../agent/contract/io.ts";
import type { OutputsStatus } from "../../../../agent/contract/outputs.ts";
import type { BusStatus, FieldStatus, GatewayStatus, PointStatus } from "../../../../agent/contract/status.ts";
import type { UplinkStatus } from "../../../../agent/contract/uplink-status.ts";
import { gatewayStatus } from "../gateway-status.ts";

const TIME_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const fault: Arbitrary<Fault> = fc.constantFrom(
  { code: "DEVICE_NO_REPLY", message: "no answer of unit 1", timeMs: TIME_MS },
  { code: "HAL_LINE_FAILED", message: "gpio:1 does not work any more", timeMs: TIME_MS },
  { code: "FROM_TOMORROW", message: "said by a newer gateway", timeMs: 9e15 },
);
/** What `value` has, with each of `keys` there or absent. */
const some = <T extends object>(value: { [K in keyof T]: Arbitrary<T[K]> }, keys: (keyof T)[]): Arbitrary<T> =>
  fc.record(value, { requiredKeys: (Object.keys(value) as (keyof T)[]).filter((key) => !keys.includes(key)) });

const points = (names: readonly string[]): Arbitrary<PointStatus[]> =>
  fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        type: fc.constant("float32"),
        value: fc.constantFrom(null, 1.5, "text"),
        quality: fc.constantFrom("good", "uncertain", "stale", "bad"),
        reason: fc.constant("no-reply"),
        timeMs: fc.constant(TIME_MS),
        sequence: fc.constant(1),
      }),
    ),
  );

function bus(index: number): Arbitrary<BusStatus> {
  const [known] = gatewayStatus().field?.buses ?? [];
  if (known === undefined) throw new TypeError("not this gateway");
  const devices = [0, 1].map((d) =>
    some(
      {
        name: fc.constant(`device-${index}-${d}`),
        unit: fc.constant(d + 1),
        online: fc.boolean(),
        timeouts: fc.nat(9),
        exceptions: fc.nat(9),
        invalidValues: fc.nat(1),
        replyMs: fc.constant(3),
        probeInMs: fc.nat(9_000),
        lastFault: fault,
        points: points(["level", "flow"]),
      },
      ["probeInMs", "lastFault"],
    ),
  );
  return some(
    {
      name: fc.constant(`bus-${index}`),
      kind: fc.constant("rtu"),
      target: fc.constant("/dev/ttyS1"),
      state: fc.constantFrom("opening", "open", "waiting", "resting"),
      loadPercent: fc.constantFrom(3, 97),
      counters: fc.constantFrom(0, 7).map((latePolls) => ({ ...known.counters, latePolls })),
      lastFault: fault,
      devices: fc.tuple(...devices),
    },
    ["lastFault"],
  );
}

const OUTPUTS = ["device-0-0/level", "device-0-1/flow"] as const;
const outputs: Arbitrary<OutputsStatus> = some(
  {
    outputs: fc.tuple(
      ...OUTPUTS.map((output) =>
        some(
          {
            output: fc.constant<string>(output),
            state: fc.constantFrom("free", "held", "planned", "pending"),
            value: fc.constant(true),
            quality: fc.constantFrom("good", "bad"),
            refused: fc.constant<{ code: string; message: string }[]>([
              { code: "WRITE_NOT_REMOTE", message: "not remote" },
            ]),
          },
          ["refused"],
        ),
      ),
    ),
    warnings: fc.constantFrom<OutputsStatus["warnings"][]>(
      [],
      [{ code: "X", device: "device-0-0", message: "no timer" }],
    ),
    hold: fc.record({
      by: fc.constant("ann"),
      reason: fc.constant("work"),
      sinceMs: fc.constant(TIME_MS),
      outputs: fc.constantFrom<string[][]>([], ["device-0-0/level"]),
    }),
    plan: some(
      {
        state: fc.constantFrom("idle", "running", "done", "incomplete"),
        worstCaseMs: fc.constant(2_000),
        trigger: fc.constant("operator"),
        sinceMs: fc.constant(TIME_MS),
        tookMs: fc.constant(1_000),
        open: fc.constant<{ output: string; message: string }[]>([
          { output: "device-0-0/level", message: "no answer" },
        ]),
      },
      ["trigger", "sinceMs", "tookMs", "open"],
    ),
  },
  ["hold", "plan"],
);

const alarms: Arbitrary<AlarmsStatus> = fc
  .array(fc.tuple(fc.constantFrom(...ALARM_STATES), fc.boolean()), { maxLength: 8 })
  .map((states) => {
    const counts = { raised: 0, acknowledged: 0, returned: 0, shelved: 0, suppressed: 0 };
    for (const [state] of states) if (state !== "normal") counts[state]++;
    const shown = states.map(([state, active], i) => ({
      name: i === 0 ? "second-master" : `alarm-${i}`,
      priority: "high" as const,
      state,
      active,
      text: { en: "Something" },
      evidence: "",
      sinceMs: TIME_MS,
      raisedCount: 1,
    }));
    return { total: states.length, counts, shown };
  });

const io: Arbitrary<IoStatus> = some(
  {
    inputs: fc.tuple(
      some(
        {
          name: fc.constant("door"),
          role: fc.constant("tamper"),
          value: fc.constantFrom(true, false, null),
          lastFault: fault,
        },
        ["lastFault"],
      ),
    ),
    relay: some({ alarm: fc.boolean(), lastFault: fault }, ["lastFault"]),
  },
  ["relay"],
);

const field: Arbitrary<FieldStatus> = some(
  {
    bootId: fc.constant("1-ab"),
    configDigest: fc.constant(""),
    clockTrust: fc.constantFrom("untrusted", "bounded", "trusted"),
    queue: fc.record({
      values: fc.nat(9),
      valuesMax: fc.constant(10),
      dropped: fc.nat(1),
      sampled: fc.nat(9),
      acknowledged: fc.nat(9),
    }),
    buses: fc.tuple(bus(0), bus(1)),
    local: fc.tuple(fc.record({ name: fc.constant("derived"), points: points(["total", "mean"]) })),
    outputs,
    alarms,
    io,
  },
  ["local", "outputs", "alarms", "io"],
);

const uplink: Arbitrary<UplinkStatus> = some<
  Pick<
    UplinkStatus,
    "state" | "broker" | "brokers" | "held" | "writesRefused" | "retryInMs" | "lastFault" | "notify" | "modbusServer"
  >
>(
  {
    state: fc.constantFrom("unconfigured", "connecting", "online", "waiting-for-host", "waiting"),
    broker: fc.constantFrom("", "mqtts://a.example:8883"),
    brokers: fc.tuple(
      ...["mqtts://a.example:8883", "mqtts://b.example:8883"].map((address) =>
        some(
          { address: fc.constant(address), state: fc.constantFrom("away", "serving", "standby"), lastFault: fault },
          ["lastFault"],
        ),
      ),
    ),
    held: fc.constantFrom([], ["live"]),
    writesRefused: fc.nat(1),
    retryInMs: fc.nat(9_000),
    lastFault: fault,
    notify: fc.tuple(
      some(
        {
          name: fc.constant("nms"),
          address: fc.constant("snmp nms:162"),
          state: fc.constantFrom("idle", "sending", "retrying"),
          waiting: fc.nat(1),
          delivered: fc.nat(1),
          lost: fc.nat(1),
          refused: fc.nat(1),
          lastFault: fault,
        },
        ["lastFault"],
      ),
    ),
    modbusServer: some(
      {
        address: fc.constant("192.0.2.1 port 1502"),
        listening: fc.boolean(),
        clients: fc.nat(1),
        requests: fc.nat(1),
        unanswered: fc.nat(1),
        refusedWrites: fc.nat(1),
        refusedClients: fc.nat(1),
        lastFault: fault,
      },
      ["lastFault"],
    ),
  },
  ["retryInMs", "lastFault", "notify", "modbusServer"],
).map((changes) => {
  const { lastFault: _own, ...known } = gatewayStatus().uplink as UplinkStatus;
  return { ...known, ...changes };
});

const finding = { code: "CONFIG_X", line: 1, column: 2, path: "buses", message: "no", hint: "yes" };

/** Any status that a gateway of this version can send, as far as its colours depend on it. */
export const anyStatus: Arbitrary<GatewayStatus> = fc.record({
  version: fc.constant("0.1.0"),
  site: fc.constant("north"),
  device: fc.constantFrom("", "gw-1"),
  field: fc.option(field, { freq: 9 }),
  uplink: fc.option(uplink, { freq: 9 }),
  configReport: fc.constantFrom(null, { file: "gateway.yaml", findings: [finding] }),
});
