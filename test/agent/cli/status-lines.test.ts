import { expect, test } from "vitest";
import { statusLines } from "../../../agent/cli/status-lines.ts";
import { gatewayStatus } from "./gateway-status.ts";

const text = (status = gatewayStatus()) => statusLines(status, { colour: false }).join("\n");

test("one screen tells what works, what does not and why", () => {
  const shown = text();
  expect(shown).toContain("uplink    waiting broker.example:8883, next attempt in 1.5 s");
  expect(shown).toContain("HAL_CONNECT_REFUSED broker.example:8883 refuses");
  expect(shown).toContain("5 dropped, declared as gaps");
  expect(shown).toContain("clock bounded");
  expect(shown).toContain("load 42 %  requests 100  timeout 3");
  expect(shown).toContain("valve unit 2  no reply, asked again in 4.2 s");
  expect(shown).toMatch(/flow\s+12\.3457 m3\/h\s+good/);
  expect(shown).toMatch(/run\s+out\s+-\s+bad: never-read/);
  expect(shown).toContain("1 writes refused");
});

test("a gateway that was just installed says what it waits for and where", () => {
  expect(text({ ...gatewayStatus(), site: "", device: "" })).toMatch(
    /no configuration yet: put one in \/etc\/holdfast\/gateway\.yaml/,
  );
});

test("what was refused or thrown away is shown although everything works", () => {
  const status = gatewayStatus();
  const fault = { code: "UPLINK_PACKET_TOO_LARGE", message: "300000 bytes", timeMs: Date.UTC(2026, 0, 2, 3, 4, 5) };
  const counted = { malformedMessages: 2, oversizeMessages: 3, rebirthsRefused: 4 };
  const [bus] = status.field?.buses ?? [];
  if (status.uplink === null || status.field === null || bus === undefined) throw new TypeError("not this gateway");
  const counters = { ...bus.counters, discardedBytes: 17, refusedBroadcasts: 6 };
  const [first, ...others] = bus.devices;
  const deviceFault = { code: "MODBUS_EXCEPTION", message: "illegal data address", timeMs: fault.timeMs };
  const devices = [{ ...(first as (typeof bus.devices)[number]), lastFault: deviceFault, invalidValues: 8 }, ...others];
  const shown = text({
    ...status,
    uplink: { ...status.uplink, ...counted, state: "online", lastFault: fault },
    field: { ...status.field, buses: [{ ...bus, counters, devices }] },
  });
  expect(shown).toContain("2 malformed commands");
  expect(shown).toContain("3 oversize packets");
  expect(shown).toContain("4 rebirths refused");
  expect(shown).toContain("last fault UPLINK_PACKET_TOO_LARGE 300000 bytes, 2026-01-02 03:04:05 UTC");
  expect(shown).toContain("last fault MODBUS_EXCEPTION illegal data address, 2026-01-02 03:04:05 UTC");
  expect(shown).toMatch(/pump-1 unit 1 .* 8 invalid values$/m);
  expect(text()).not.toContain("invalid values");
  expect(shown).toContain("discarded bytes 17");
  expect(shown).toContain("refused broadcast 6");
});

test("a refused configuration file is the first thing one sees, with its place", () => {
  const finding = {
    code: "CONFIG_KEY_UNKNOWN",
    line: 3,
    column: 5,
    path: "busses",
    message: "unknown key busses",
    hint: "buses",
  };
  const shown = text({ ...gatewayStatus(), configReport: { file: "gateway.yaml", findings: [finding] } });
  expect(shown.split("\n")[1]).toContain("the newest file is refused");
  expect(shown).toContain("gateway.yaml:3:5 CONFIG_KEY_UNKNOWN unknown key busses");
});

test("a room that does not answer is named", () => {
  const shown = text({ ...gatewayStatus(), field: null, uplink: null });
  expect(shown).toContain("uplink    not answering");
  expect(shown).toContain("field     not answering");
});

test("colour is only where it was asked for", () => {
  expect(text()).not.toContain("\u001b");
  expect(statusLines(gatewayStatus(), { colour: true }).join("\n")).toContain("\u001b[31m");
});
