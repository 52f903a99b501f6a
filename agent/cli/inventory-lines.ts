import type { BusInventory } from "../contract/inventory.ts";
import { requestText } from "../field/inventory/function-name.ts";
import { tableLines } from "./format-value.ts";
import type { Paint } from "./paint.ts";

/** Foreign requests on one screen; `--json` has all. */
const REQUESTS_SHOWN_MAX = 20;

/** What was seen on one bus, for people. */
export function inventoryLines(inventory: BusInventory, paint: Paint): readonly string[] {
  const { bus, sinceMs, listenOnly, echo, garbledBytes, units, requests, findings } = inventory;
  const notes = [...(listenOnly ? ["listens only"] : []), ...(echo === true ? ["the line echoes our own bytes"] : [])];
  const head = `${paint("bold", bus)}, seen since ${time(sinceMs)}${notes.map((note) => `, ${note}`).join("")}`;
  return [
    head,
    ...garbledLines(garbledBytes, paint),
    ...findingLines(findings, paint),
    ...unitLines(units),
    ...requestLines(requests, listenOnly, paint),
  ];
}

function garbledLines(bytes: number | undefined, paint: Paint): readonly string[] {
  if (bytes === undefined) return [];
  const what = `somebody speaks, and not one of ${bytes} bytes belongs to a whole frame`;
  return [`  ${paint("red", what)}: is it another speed, parity or framing (rtu, ascii), or are A and B swapped?`];
}

function findingLines(findings: BusInventory["findings"], paint: Paint): readonly string[] {
  return findings.map(({ alarm, evidence }) => `  ${paint("red", alarm)}: ${evidence}`);
}

function unitLines(units: BusInventory["units"]): readonly string[] {
  if (units.length === 0) return ["  nobody has answered yet"];
  const heading = ["unit", "device", "first seen", "last seen", "replies", "p50 ms", "p90 ms", "exceptions", "says"];
  const rows = units.map((unit) => [
    String(unit.unit),
    unit.device ?? "(not configured)",
    time(unit.firstSeenMs),
    time(unit.lastSeenMs),
    String(unit.replies),
    unit.replyTime === undefined ? "" : unit.replyTime.p50Ms.toFixed(0),
    unit.replyTime === undefined ? "" : unit.replyTime.p90Ms.toFixed(0),
    exceptionsText(unit.exceptions),
    Object.values(unit.identity ?? {})
      .map(printable)
      .join(", "),
  ]);
  return tableLines([heading, ...rows]).map((line) => `  ${line}`.trimEnd());
}

/** `3:2` to how often: function 3 refused with code 2. */
function exceptionsText(exceptions: Readonly<Record<string, number>>): string {
  const shown = Object.entries(exceptions).map(([kind, count]) => {
    const [code, exception] = kind.split(":");
    return `${count}x code ${exception} to function ${code}`;
  });
  return shown.join(", ");
}

function requestLines(requests: BusInventory["requests"], listenOnly: boolean, paint: Paint): readonly string[] {
  if (requests.length === 0) return listenOnly ? ["  no master was heard yet"] : [];
  // Modbus has no sender in its frames: how many masters ask cannot be told
  const head = listenOnly ? "at least one master asks:" : paint("red", "at least one other master asked:");
  const shown = requests.slice(0, REQUESTS_SHOWN_MAX).map((request) => {
    const { count, lastSeenMs } = request;
    return `    ${requestText(request)}: ${count} times, last ${time(lastSeenMs)}`;
  });
  const left = requests.length - shown.length;
  return [`  ${head}`, ...shown, ...(left > 0 ? [`    and ${left} more`] : [])];
}

function time(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** A device may say anything; a terminal must not obey it. */
function printable(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/gu, "?");
}
