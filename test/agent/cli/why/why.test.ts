import { describe, expect, test } from "vitest";
import { statusLines } from "../../../../agent/cli/status-lines.ts";
import { whyCommand } from "../../../../agent/cli/why/command.ts";
import { troublesOf } from "../../../../agent/cli/why/troubles.ts";
import type { FieldStatus, GatewayStatus } from "../../../../agent/contract/status.ts";
import { gatewayStatus } from "../gateway-status.ts";
import { printed, standInKeeper } from "../stand-in-keeper.ts";

const TIME_MS = Date.UTC(2026, 10, 22, 3, 0, 0);

function withField(changes: Partial<FieldStatus>): GatewayStatus {
  const status = gatewayStatus();
  if (status.field === null) throw new TypeError("not this gateway");
  return { ...status, field: { ...status.field, ...changes } };
}

async function why(status: GatewayStatus, ...args: readonly string[]) {
  await using keeper = await standInKeeper(({ id }) => ({ kind: "gateway-status", id, status }));
  const { io, said } = printed();
  const code = await whyCommand(args, keeper.parts, io);
  return { code, ...said };
}

describe("a dead device", () => {
  test("is explained with what was seen, whether others answer, and what to look at first", async () => {
    const { code, out } = await why(gatewayStatus(), "valve");
    expect(code).toBe(1);
    expect(out).toContain("valve  DEVICE_NO_REPLY");
    expect(out).toContain("The device does not answer.");
    expect(out).toContain("1 of the 1 other devices on line-1 answer: look at this device first");
    expect(out).toContain("asked again in 4.2 s");
    expect(out).toMatch(/next {4}1\. Is it powered/);
  });

  test("points at the line where nobody else answers either", async () => {
    const status = gatewayStatus();
    const [bus] = status.field?.buses ?? [];
    if (bus === undefined) throw new TypeError("not this gateway");
    const devices = bus.devices.map((device) => ({ ...device, online: false }));
    const { out } = await why(withField({ buses: [{ ...bus, devices }] }), "valve");
    expect(out).toContain("none of the 1 other devices on line-1 answers: look at the line first");
  });

  test("on a bus that is down is the bus's trouble", () => {
    const status = gatewayStatus();
    const [bus] = status.field?.buses ?? [];
    if (bus === undefined) throw new TypeError("not this gateway");
    const lastFault = { code: "HAL_PORT_VANISHED", message: "usb-1 went away", timeMs: TIME_MS };
    const down = withField({ buses: [{ ...bus, state: "waiting", lastFault }] });
    const subjects = troublesOf(down).map(({ subject, code }) => `${subject} ${code}`);
    expect(subjects).toContain("line-1 HAL_PORT_VANISHED");
    expect(subjects.some((one) => one.startsWith("valve"))).toBe(false);
  });
});

test("an alarm that says what a trouble of its own explains has the words of that", async () => {
  const alarm = { name: "plan-due", priority: "high", state: "raised", active: true, raisedCount: 1 } as const;
  const text = { en: "The outputs go to their plan" };
  const status = withField({
    alarms: {
      total: 1,
      counts: { raised: 1, acknowledged: 0, returned: 0, shelved: 0, suppressed: 0 },
      shown: [{ ...alarm, text, evidence: "flooded", sinceMs: TIME_MS }],
    },
  });
  expect((await why(status, "plan-due")).out).toMatch(/^plan-due {2}PLAN_DUE /u);
  expect((await why(status, "alarms")).out).toContain("The outputs go to their plan (high)");
});

test("all of it comes in German, too, codes and names unchanged", async () => {
  const { out } = await why(gatewayStatus(), "--lang", "de");
  expect(out).toContain("Das Gerät antwortet nicht.");
  expect(out).toContain("Befund  ");
  expect(out).toContain("uplink  HAL_CONNECT_REFUSED");
  expect(out).toContain("seit 1970-01-01 00:00:01 UTC");
  expect(out).not.toMatch(/\{\w+\}/);
});

test("outputs that are held, a plan that is due and one that is not done say who, why and what to do", async () => {
  const status = withField({
    outputs: {
      outputs: [],
      warnings: [{ code: "OUTPUT_TIMER_UNKNOWN", device: "pump-1", message: "nobody knows its timer" }],
      hold: { by: "anna (uid 1000)", reason: "work on pump 1", sinceMs: TIME_MS, outputs: [] },
      plan: {
        state: "incomplete",
        worstCaseMs: 4_000,
        tookMs: 1_200,
        trigger: "flooded",
        sinceMs: TIME_MS,
        open: [{ output: "valve/setpoint", message: "no usable answer" }],
      },
    },
  });
  const { out } = await why(status);
  expect(out).toContain("held by anna (uid 1000): work on pump 1");
  expect(out).toContain("all outputs");
  expect(out).toContain("trigger: flooded");
  expect(out).toContain("not confirmed: valve/setpoint: no usable answer");
  expect(out).toContain("NO_COMMUNICATION_LOSS_TIMER");
  expect(out.indexOf("PLAN_INCOMPLETE")).toBeLessThan(out.indexOf("NO_COMMUNICATION_LOSS_TIMER"));
  const shown = statusLines(status, { colour: false }).join("\n");
  expect(shown).toContain(
    "outputs   held by anna (uid 1000): work on pump 1  plan incomplete (flooded): 1 not confirmed",
  );
});

test("an alarm of the gateway itself has its own words, a configured one its text, in the reader's language", async () => {
  const alarm = { raisedCount: 1, sinceMs: TIME_MS, active: true } as const;
  const status = withField({
    alarms: {
      total: 5,
      counts: { raised: 2, acknowledged: 0, returned: 0, shelved: 1, suppressed: 0 },
      shown: [
        {
          ...alarm,
          name: "second-master",
          priority: "high",
          state: "raised",
          text: { en: "Second master" },
          evidence: "line-1: function 3 to unit 9",
        },
        {
          ...alarm,
          name: "well-high",
          priority: "medium",
          state: "raised",
          text: { en: "Well high", de: "Brunnen hoch" },
          evidence: "2.61 m > 2.5 m",
        },
        { ...alarm, name: "quiet", priority: "low", state: "shelved", text: { en: "x" }, evidence: "" },
      ],
    },
  });
  const { out } = await why(status, "--lang=de");
  expect(out).toContain("Ein zweiter Master spricht auf dieser Leitung.");
  expect(out).toContain("line-1: function 3 to unit 9");
  expect(out).toContain("Brunnen hoch (medium)");
  expect(out).not.toContain("quiet");
  const shown = statusLines(status, { colour: false }).join("\n");
  expect(shown).toContain("alarms    2 raised, 0 acknowledged, 0 returned, 1 shelved, 0 suppressed of 5");
  expect(shown).toContain("raised well-high medium  Well high  2.61 m > 2.5 m");
});

test("every red line of the screen is one that why explains, and the screen says so", () => {
  const status = gatewayStatus();
  const screen = statusLines(status, { colour: true, language: "en" });
  const red = screen.filter((line) => line.includes("\u001b[31m"));
  expect(red.length).toBeGreaterThan(0);
  expect(screen.join("\n")).toContain("`holdfast why` explains what is red: queue, pump-1/run, valve, uplink");
});

test("a name that nothing is wrong with gets the names of what is", async () => {
  const { code, out } = await why(gatewayStatus(), "pump-1/flow");
  expect(code).toBe(0);
  expect(out).toContain("Nothing is wrong with pump-1/flow.");
  expect(out).toContain("What is wrong: queue,");
});

test("a name that nothing has is not said to be well: it is refused, with what may have been meant", async () => {
  const { code, out, err } = await why(gatewayStatus(), "valv\u001b[2Je", "--lang=de");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain("WHY_NAME_UNKNOWN: hier heißt nichts valv\\u{1b}[2Je");
  expect((await why(gatewayStatus(), "vavle")).err).toContain("did you mean valve?; What is wrong: queue,");
});

describe("a name at the left edge of the screen, or further up, is one that why knows", () => {
  test.each([
    ["field", "QUEUE_DROPPED"],
    ["line-1", "DEVICE_NO_REPLY"],
    ["pump-1", "POINT_BAD"],
    ["uplink", "HAL_CONNECT_REFUSED"],
  ])("%s: %s", async (name, code) => {
    expect((await why(gatewayStatus(), name)).out).toContain(code);
  });

  test("a point of a device on a bus that is down is told of the bus, and of nothing else", async () => {
    const [bus] = gatewayStatus().field?.buses ?? [];
    if (bus === undefined) throw new TypeError("not this gateway");
    const { code, out } = await why(withField({ buses: [{ ...bus, state: "waiting" }] }), "pump-1/flow");
    expect(code).toBe(1);
    expect(out).toMatch(/^line-1 {2}BUS_OPENING\n/u);
    expect(out).not.toContain("QUEUE_DROPPED");
  });

  test("names that two things have, the one within the other, are no endless way", async () => {
    const [bus] = gatewayStatus().field?.buses ?? [];
    const [device] = bus?.devices ?? [];
    if (bus === undefined || device === undefined) throw new TypeError("not this gateway");
    const crossed = [
      { ...bus, name: "a", devices: [{ ...device, name: "b" }] },
      { ...bus, name: "b", devices: [{ ...device, name: "a" }] },
    ];
    const { out } = await why(withField({ buses: crossed }), "a");
    expect(out).toContain("POINT_BAD");
  });

  test("while the room is away that would know a name, that is the answer", async () => {
    const { code, out } = await why({ ...gatewayStatus(), field: null }, "pump-1");
    expect(code).toBe(1);
    expect(out).toMatch(/^field {2}ROOM_AWAY\n/u);
  });
});

test("what others wrote into a status cannot command the terminal", async () => {
  const hold = { by: "eve\u001b]0;x\u0007", reason: "\u009b2J\u202e", sinceMs: TIME_MS, outputs: [] };
  const { out } = await why(withField({ outputs: { outputs: [], warnings: [], hold } }));
  expect(out).toContain("eve\\u{1b}]0;x\\u{7}");
  for (const hostile of ["\u001b", "\u009b", "\u202e"]) expect(out).not.toContain(hostile);
});

test("--json has title, evidence and steps, in the language asked for", async () => {
  const { out } = await why(gatewayStatus(), "valve", "--json", "--lang", "de");
  expect(JSON.parse(out)).toMatchObject([
    { subject: "valve", code: "DEVICE_NO_REPLY", severity: "red", title: "Das Gerät antwortet nicht." },
  ]);
});

test("two names, an unknown option and an unknown language are wrong uses", async () => {
  expect((await why(gatewayStatus(), "a", "b")).code).toBe(2);
  expect((await why(gatewayStatus(), "--yml")).code).toBe(2);
  const spoken = await why(gatewayStatus(), "--lang", "fr");
  expect(spoken).toMatchObject({ code: 2, err: expect.stringContaining("there are en, de") });
});

test("a receiver of alarms that is away, what it lost, and a server that does not listen are told apart", async () => {
  const status = gatewayStatus();
  if (status.uplink === null) throw new TypeError("not this gateway");
  const fault = { code: "NOTIFY_SNMP_USER", message: "snmp nms.example:162: no such user", timeMs: TIME_MS };
  const sink = { address: "snmp nms.example:162", delivered: 3, refused: 0 } as const;
  const server = { address: "192.0.2.1 port 1502", clients: 0, requests: 0, unanswered: 0 } as const;
  const uplink = {
    ...status.uplink,
    notify: [
      { ...sink, name: "nms", state: "retrying", waiting: 7, lost: 2, lastFault: fault },
      { ...sink, name: "room", state: "idle", waiting: 0, lost: 0 },
    ],
    modbusServer: { ...server, listening: false, refusedWrites: 0, refusedClients: 0 },
  } as const;
  const changed = { ...status, uplink: { ...uplink, notify: [...uplink.notify] } };
  const { out } = await why(changed);
  expect(out).toContain("nms  NOTIFY_SNMP_USER  since 2026-11-22 03:00:00 UTC");
  expect(out).toContain("nms  NOTIFY_LOST");
  expect(out).toContain("7 waiting, 2 lost");
  expect(out).toContain("modbus-server  MODBUS_SERVER_LISTEN_FAILED");
  expect(out).not.toContain("room  ");
  const screen = statusLines(changed, { colour: false, language: "de" }).join("\n");
  expect(screen).toContain("Alarme an nms retrying, 3 zugestellt, 7 warten, 2 verloren, NOTIFY_SNMP_USER");
  expect(screen).toContain("Modbus-Server 192.0.2.1 port 1502 lauscht nicht");
});
