import { hostKind } from "../../host.ts";
import { asName } from "./names.ts";
import type { Section } from "./section.ts";

/** How a controller of Telegraf is reached, as the keys of a bus. */
export interface Transport {
  /** what its bus may be called */
  readonly name: string;
  readonly serial: boolean;
  /** `rtu`, `ascii` or `tcp` with what belongs to it */
  readonly keys: { readonly rtu?: object; readonly ascii?: object; readonly tcp?: object };
  /** what somebody has to fill in */
  readonly placeholder?: string;
}

const PARITIES: Readonly<Record<string, string>> = { N: "none", E: "even", O: "odd" };
const TCP_PORT = 502;
const TCP_FRAMINGS: Readonly<Record<string, string | undefined>> = {
  "": undefined,
  auto: undefined,
  tcp: undefined,
  rtuovertcp: "rtu",
  asciiovertcp: "ascii",
};
const UNSTABLE_PATH = /^\/dev\/tty(?:USB|ACM)\d+$/u;

/** Reads everything about the line or socket. @returns undefined after a note */
export function readTransport(plugin: Section): Transport | undefined {
  const controller = plugin.text("controller") ?? "";
  const mode = (plugin.text("transmission_mode") ?? "").toLowerCase();
  const line = readLine(plugin);
  const isElsewhere = /\$\{|@\{/u.test(controller);
  const socket = isElsewhere ? null : /^tcp:\/\/(\[[^\]]+\]|[^:/]*)(?::(\d+))?\/?$/u.exec(controller);
  if (socket !== null) return readSocket(plugin, mode, socket[1] ?? "", socket[2]);
  if (isElsewhere) {
    plugin.notes.changed(
      plugin.place,
      `controller = ${JSON.stringify(controller)}: it comes from the environment, fill it in`,
    );
    return {
      name: "socket",
      serial: false,
      keys: { tcp: { host: "192.0.2.1" } },
      placeholder: `the host; it was ${controller}`,
    };
  }
  const path = controller.replace(/^file:\/\//u, "");
  const isWindows = /^com\d+$/iu.test(path);
  if (!path.startsWith("/") && !isWindows) {
    const wanted = "tcp://HOST:PORT, file:///dev/… or COM1 is wanted";
    plugin.notes.lost(
      plugin.place,
      `controller = ${JSON.stringify(controller)}: ${wanted}, so nothing of this section is converted`,
    );
    return undefined;
  }
  if (mode !== "" && mode !== "auto" && mode !== "rtu" && mode !== "ascii")
    plugin.notes.lost(
      plugin.place,
      `transmission_mode = ${JSON.stringify(mode)}: a serial line has RTU or ASCII, so RTU was taken`,
    );
  const moves = isWindows || UNSTABLE_PATH.test(path);
  const keys = {
    path: moves ? `/dev/serial/by-id/REPLACE-${asName(path.split("/").at(-1) ?? "", "line")}` : path,
    ...line.keys,
  };
  if (mode !== "ascii" && line.dataBits !== undefined && line.dataBits !== 8)
    plugin.notes.lost(plugin.place, `data_bits = ${line.dataBits}: RTU has characters of 8 bits`);
  return {
    name: asName(path.split("/").at(-1) ?? "", "line"),
    serial: true,
    keys: mode === "ascii" ? { ascii: { ...keys, dataBits: asciiBits(plugin, line.dataBits) } } : { rtu: keys },
    ...(moves ? { placeholder: `the path that \`ls -l /dev/serial/by-id\` shows; it was ${path}` } : {}),
  };
}

function readLine(plugin: Section) {
  const baudRate = plugin.within("baud_rate", plugin.number("baud_rate"), 300, 4_000_000);
  const dataBits = plugin.number("data_bits");
  const parity = plugin.text("parity");
  const known = parity === undefined ? undefined : PARITIES[parity.toUpperCase()];
  if (parity !== undefined && known === undefined)
    plugin.notes.lost(plugin.place, `parity = ${JSON.stringify(parity)}: N, E or O is wanted, so even was taken`);
  // Telegraf's line has one stop bit unless told, whatever its parity
  const stopBits = plugin.within("stop_bits", plugin.number("stop_bits"), 1, 2) ?? 1;
  return {
    dataBits,
    keys: {
      ...(baudRate === undefined ? {} : { baudRate }),
      ...(known === undefined ? {} : { parity: known }),
      stopBits,
    },
  };
}

function asciiBits(plugin: Section, dataBits: number | undefined): number {
  return plugin.within("data_bits", dataBits, 7, 8) ?? 8;
}

function readSocket(plugin: Section, mode: string, written: string, port: string | undefined): Transport | undefined {
  const host = written.replace(/^\[|\]$/gu, "");
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  if ((host !== "" && hostKind(host) === undefined) || !isPort) {
    const what = isPort ? `${JSON.stringify(host)} is neither a host name nor an address` : `there is no port ${port}`;
    plugin.notes.lost(plugin.place, `controller: ${what}, so nothing of this section is converted`);
    return undefined;
  }
  if (!Object.hasOwn(TCP_FRAMINGS, mode))
    plugin.notes.lost(
      plugin.place,
      `transmission_mode = ${JSON.stringify(mode)}: no such mode of a socket, so TCP was taken`,
    );
  const framing = TCP_FRAMINGS[mode];
  const keys = {
    host: host === "" ? "localhost" : host,
    ...(port === undefined || Number(port) === TCP_PORT ? {} : { port: Number(port) }),
    ...(framing === undefined ? {} : { framing }),
  };
  return { name: asName(host, "socket"), serial: false, keys: { tcp: keys } };
}
