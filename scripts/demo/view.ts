import { stripVTControlCharacters } from "node:util";
import { fold } from "../../agent/cli/fold.ts";
import { statusLines } from "../../agent/cli/status-lines.ts";
import type { GatewayStatus } from "../../agent/contract/status.ts";

/** What the demo shows beside the gateway's own status. */
export interface DemoFacts {
  /** how to subscribe, how to break things: each a line that can be pasted */
  readonly hints: readonly string[];
  /** one line about the plant itself */
  readonly plant: () => string;
}

export interface View extends Disposable {
  show(status: GatewayStatus): void;
  /** something happened that a person should see once */
  say(text: string): void;
}

type Write = (text: string) => void;

const ALTERNATE_SCREEN = "\u001b[?1049h\u001b[?25l";
const NORMAL_SCREEN = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
/** Things said that stay on the screen. */
const SAID_MAX = 3;

/** The whole gateway on one screen, drawn anew in place. The terminal is as it was after disposal. */
export function screenView(
  terminal: { readonly write: Write; size(): { readonly columns: number; readonly rows: number } },
  facts: DemoFacts,
): View {
  const said: string[] = [];
  terminal.write(ALTERNATE_SCREEN);
  return {
    show(status) {
      const { columns, rows } = terminal.size();
      const foot = [...facts.hints, ...said, "Ctrl-C ends it and leaves nothing behind."];
      const footRows = foot.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
      const room = Math.max(1, rows - footRows - 1);
      const body = bodyRows(status, facts, columns, room);
      const shown =
        body.length > room
          ? [...body.slice(0, room - 1), `… ${body.length - room + 1} more lines: enlarge the window`]
          : body;
      const gap = Array.from({ length: room - shown.length }, () => "");
      const lines = [...shown, ...gap, "─".repeat(columns), ...foot];
      terminal.write(`${HOME}${lines.map((line) => drawn(line, columns)).join("\r\n")}${CLEAR_BELOW}`);
    },
    say(text) {
      said.push(text);
      if (said.length > SAID_MAX) said.shift();
    },
    [Symbol.dispose]() {
      terminal.write(NORMAL_SCREEN);
    },
  };
}

/** Plain lines, for a terminal that is none: the hints once, then one line a bus whenever something moved. */
export function lineView(write: Write, facts: DemoFacts, everyMs: number, nowMs: () => number): View {
  let last = Number.NEGATIVE_INFINITY;
  for (const hint of facts.hints) write(`${hint}\n`);
  return {
    show(status) {
      if (nowMs() - last < everyMs) return;
      last = nowMs();
      for (const line of summaryLines(status)) write(`${line}\n`);
      write(`${facts.plant()}\n`);
    },
    say: (text) => write(`${text}\n`),
    [Symbol.dispose]() {},
  };
}

/** One JSON object a line: `hints` first, then `status` and `said`. */
export function jsonView(write: Write, facts: DemoFacts): View {
  const print = (value: object): void => write(`${JSON.stringify(value)}\n`);
  print({ kind: "hints", hints: facts.hints });
  return {
    show: (status) => print({ kind: "status", plant: facts.plant(), status }),
    say: (text) => print({ kind: "said", text }),
    [Symbol.dispose]() {},
  };
}

function summaryLines(status: GatewayStatus): readonly string[] {
  const { uplink, field } = status;
  const north =
    uplink === null ? "uplink not answering" : `uplink ${uplink.state}, ${uplink.marksAcknowledged} marks acknowledged`;
  if (field === null) return [`${north}; field not answering`];
  const buses = field.buses.map((bus) => {
    const points = bus.devices.flatMap((device) => device.points);
    const good = points.filter((point) => point.quality === "good").length;
    const errors = bus.counters.timeouts + bus.counters.crcErrors + bus.counters.exceptions;
    return `  ${bus.name}: ${bus.state}, load ${bus.loadPercent.toFixed(0)} %, ${good} of ${points.length} points good, ${errors} errors`;
  });
  return [`${north}; ${field.queue.sampled} values sampled, ${field.queue.acknowledged} acknowledged`, ...buses];
}

/**
 * Values where there is room for all of them; otherwise every device without its values, rather than a few with them;
 * and in a small window as many things as it takes, with the ends of their lines cut off.
 */
function bodyRows(status: GatewayStatus, facts: DemoFacts, columns: number, room: number): readonly string[] {
  const linesOf = (shown: GatewayStatus): readonly string[] => [
    ...statusLines(shown, { colour: true, columns }),
    "",
    facts.plant(),
  ];
  const few = linesOf(withoutValues(status));
  const folded = [linesOf(status), few].map((lines) => lines.flatMap((line) => fold(line, columns)));
  return folded.find((lines) => lines.length <= room) ?? few.map((line) => clip(line, columns));
}

function withoutValues(status: GatewayStatus): GatewayStatus {
  if (status.field === null) return status;
  const fewer = status.field.buses.map((bus) => ({
    ...bus,
    devices: bus.devices.map((device) => ({ ...device, points: [] })),
  }));
  return { ...status, field: { ...status.field, buses: fewer, local: [] } };
}

/**
 * A line that is too long goes on by itself: the terminal then knows that it is one, so that it can be copied whole.
 * Where the last row is full there is nothing to clear, and many terminals would clear its last character.
 */
function drawn(line: string, columns: number): string {
  const length = stripVTControlCharacters(line).length;
  return length > 0 && length % columns === 0 ? line : line + CLEAR_LINE;
}

/** At most `columns` visible characters; colour sequences take no room and are kept whole. */
function clip(line: string, columns: number): string {
  let visible = 0;
  let out = "";
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b")) out += part;
    else {
      const text = part.slice(0, columns - visible);
      visible += text.length;
      out += text;
    }
  }
  return out;
}
