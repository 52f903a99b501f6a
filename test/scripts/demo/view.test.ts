import { expect, test } from "vitest";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { jsonView, lineView, screenView } from "../../../scripts/demo/view.ts";
import { gatewayStatus } from "../../agent/cli/gateway-status.ts";

const facts = { hints: ["subscribe: mosquitto_sub …", "break: npm run fault -- …"], plant: () => "well 2.31 m" };

test("the screen shows everything that fits and says how much does not", () => {
  const written: string[] = [];
  const view = screenView({ write: (text) => written.push(text), size: () => ({ columns: 60, rows: 12 }) }, facts);
  view.show(gatewayStatus());
  view[Symbol.dispose]();
  const screen = visible(written.join(""));
  expect(screen).toContain("more lines: enlarge the window");
  expect(screen).toContain("npm run fault");
  expect(Math.max(...screen.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(written.at(-1)).toContain("[?1049l"); // the terminal is given back
});

test("what is to be pasted is one line for the terminal too, and no full row is cleared behind its last character", () => {
  let text = "";
  const long = `. /a/path/${"x".repeat(70)}`;
  const view = screenView(
    { write: (part) => (text += part), size: () => ({ columns: 40, rows: 12 }) },
    { ...facts, hints: [long] },
  );
  view.show(gatewayStatus());
  expect(text).toContain(`${long}\r\n`);
  expect(text).toContain(`${"─".repeat(40)}\r\n`);
});

test("without room for every value the devices are shown, and no values", () => {
  const shown = (rows: number): string => {
    let text = "";
    const view = screenView({ write: (part) => (text += part), size: () => ({ columns: 200, rows }) }, facts);
    view.show(gatewayStatus());
    return visible(text);
  };
  const oneRowShort = 15;
  expect(shown(oneRowShort + 1)).toMatch(/pump-1 unit 1[^]*never-read/u);
  expect(shown(oneRowShort)).toMatch(/pump-1 unit 1/u);
  expect(shown(oneRowShort)).not.toMatch(/pump-1 unit 1[^]*never-read/u);
});

test("plain lines carry no colour and one line for each bus", () => {
  let text = "";
  let now = 0;
  const view = lineView(
    (part) => (text += part),
    facts,
    1_000,
    () => now,
  );
  view.show(gatewayStatus());
  view.show(gatewayStatus());
  now = 1_000;
  view.show(gatewayStatus());
  expect(text.match(/line-1: open, load 42 %, 1 of 2 points good, 3 errors/g)).toHaveLength(2);
  expect(text).not.toContain("\u001b");
});

test("every JSON line is one object that says what it is", () => {
  let text = "";
  const view = jsonView((part) => (text += part), facts);
  view.show(gatewayStatus());
  view.say("line-1: unpluged");
  const kinds = text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds).toEqual(["hints", "status", "said"]);
});

test("a gateway whose rooms do not answer is shown as that, not as nothing", () => {
  const silent: GatewayStatus = { ...gatewayStatus(), field: null, uplink: null };
  let text = "";
  lineView(
    (part) => (text += part),
    facts,
    0,
    () => 0,
  ).show(silent);
  expect(text).toContain("uplink not answering; field not answering");
});

function visible(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
}
