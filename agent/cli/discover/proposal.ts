import { stringify } from "yaml";
import type { SerialTransport } from "../../config/snapshot.ts";
import type { Found } from "./sweep.ts";

export type Place =
  | { readonly kind: "serial"; readonly transport: SerialTransport }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Numbered in the order of plugging in: `config check` refuses it. */
const UNSTABLE_PATH = /^\/dev\/tty(?:USB|ACM)\d+$/u;

/** The `buses:` part of a configuration with what was found, for people to complete. */
export function proposal(place: Place, found: readonly Found[]): string {
  const lines = [
    "# Found by holdfast discover. Name the devices, and take their registers from their manuals.",
    ...(place.kind === "serial" && UNSTABLE_PATH.test(place.transport.path)
      ? ["# Write the adapter's name from /dev/serial/by-id instead of this path: its number moves."]
      : []),
    "buses:",
    `  - name: ${place.kind === "serial" ? "line-1" : "socket-1"}`,
    ...transportLines(place),
    "    devices:",
    ...found.flatMap(deviceLines),
  ];
  return `${lines.join("\n")}\n`;
}

function transportLines(place: Place): readonly string[] {
  if (place.kind === "tcp") {
    return ["    tcp:", `      host: ${scalar(place.host)}`, `      port: ${place.port}`];
  }
  const { path, baudRate, parity, stopBits } = place.transport;
  return [
    "    rtu:",
    `      path: ${scalar(path)}`,
    `      baudRate: ${baudRate}`,
    `      parity: ${parity}`,
    `      stopBits: ${stopBits}`,
  ];
}

function deviceLines(found: Found): readonly string[] {
  const { unit, replyMs, exception, identity } = found;
  const said = Object.values(identity ?? {}).map(printable);
  return [
    `      - name: unit-${unit}${remark(replyMs, said)}`,
    `        unit: ${unit}`,
    "        points:",
    ...(exception === undefined
      ? []
      : [`          # it refused this register (exception ${exception}): take another address from its manual`]),
    "          - name: first-register",
    "            table: holding-register",
    "            address: 0",
  ];
}

function remark(replyMs: number, said: readonly string[]): string {
  return ` # answered in ${replyMs} ms${said.length === 0 ? "" : `: ${said.join(", ")}`}`;
}

/** What a device says of itself goes into a comment and must not leave it. */
function printable(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, "?").slice(0, SAID_CHARS_MAX);
}

const SAID_CHARS_MAX = 64;

function scalar(text: string): string {
  return stringify(text).trimEnd();
}
