import { expect, test } from "vitest";
import { formatReport } from "../../../agent/config/print-report.ts";
import { RIGHT, compile, edited } from "./gateway-file.ts";

function printed(text: string, colour = false): string {
  const compiled = compile(text);
  return "report" in compiled ? formatReport(compiled.report, text, { colour }) : "";
}

test("a finding shows its place, the line with a caret under it, what is wrong and what to write", () => {
  expect(printed(RIGHT.replace("unit: 2", "unit: 1")))
    .toBe(`/etc/holdfast/gateway.yaml:21:15  CONFIG_UNIT_DUPLICATE  buses[0].devices[1].unit
   21 |         unit: 1
      |               ^
  unit 1 is already "pump-1" on this bus
  instead: write the unit id that is set at this device (2 is free), or put all its points under one device

/etc/holdfast/gateway.yaml: refused, 1 finding
`);
});

test("colour is there for terminals only", () => {
  const broken = RIGHT.replace("unit: 2", "unit: 1");
  expect(printed(broken)).not.toContain("\u001b");
  expect(printed(broken, true)).toContain("\u001b[31mCONFIG_UNIT_DUPLICATE");
});

test("a long line is cut around the place, and the caret stays under it", () => {
  const text = RIGHT.replace("unit: 2", `unit: 1${" ".repeat(3)}# ${"x".repeat(300)}`);
  const [, line = "", caret = ""] = printed(text).split("\n");
  expect(line.length).toBeLessThan(120);
  expect(line[caret.indexOf("^")]).toBe("1");
  const flow = `{${" ".repeat(500)}site: 7, device: gateway-1}`;
  const lines = printed(flow).split("\n");
  const place = lines.findIndex((shown) => shown.includes("CONFIG_TYPE"));
  const [flowLine = "", flowCaret = ""] = lines.slice(place + 1);
  expect(flowLine.length).toBeLessThan(120);
  expect(flowLine[flowCaret.indexOf("^")]).toBe("7");
});

test("what would move a terminal's cursor is replaced, and a tab keeps the caret in its place", () => {
  const text = printed(`${RIGHT}extra:\t"\u001b[2J\u202e"\n`);
  expect(text).not.toMatch(/[\u001b\u202e\t]/u);
  expect(text).toContain('extra: "\ufffd[2J\ufffd"');
});

test("credentials in the quoted line are starred out", () => {
  const url = printed(edited({ "uplink.broker.url": "mqtt://operator:hunter2@broker" }));
  expect(url).not.toContain("hunter2");
  expect(url).toContain("//****************@broker");
  expect(printed(edited({ "uplink.broker.password": "hunter2" }))).not.toContain("hunter2");
});

test("a report without its text, as status carries it, still prints", () => {
  const compiled = compile("site: [");
  if (!("report" in compiled)) throw new Error("a report was expected");
  expect(formatReport(compiled.report, "", { colour: false })).toContain("gateway.yaml:1:8  CONFIG_YAML_SYNTAX\n");
});
