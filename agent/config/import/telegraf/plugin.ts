import type { Transport } from "./controller.ts";
import { readTransport } from "./controller.ts";
import type { Group } from "./field.ts";
import { readRegisterStyle } from "./register-style.ts";
import { readMetricStyle, readRequestStyle } from "./request-style.ts";
import type { Section } from "./section.ts";

/** One `[[inputs.modbus]]`. */
export interface Plugin {
  readonly place: string;
  readonly name: string | undefined;
  readonly transport: Transport;
  readonly pollMs: number;
  /** keys of its bus, but for the transport */
  readonly bus: Readonly<Record<string, number | boolean>>;
  /** keys of its devices, but for unit, period, requests and points */
  readonly device: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number | boolean>>;
  readonly byteLocation: "upper" | "lower" | undefined;
  readonly groups: readonly Group[];
}

const STYLES = { register: readRegisterStyle, request: readRequestStyle, metric: readMetricStyle } as const;
const STYLE_KEYS = {
  register: ["discrete_inputs", "coils", "holding_registers", "input_registers"],
  request: ["request"],
  metric: ["metric"],
} as const;
const REGISTERS_MAX = 125;
const BITS_MAX = 2_000;
const BUSY_RETRIES_MAX = 10;
const PAUSE_MS_MAX = 10_000;
/** How often the gateway may be asked to read. */
export const POLL_MS = [20, 86_400_000] as const;

const METRICS = "it shapes Telegraf's metrics; values here have a device and a name";
const TIMES = "readings are spread by the gateway itself";
const RS485 = "the kernel drives RTS of an RS-485 port: set it in the device tree, or with rs485conf";
/** Options of every input plugin, and of this one, that nothing here corresponds to. */
const LOST: Readonly<Record<string, string>> = {
  alias: "it names the plugin in Telegraf's own log",
  log_level: "the gateway has a log of its own: journalctl --namespace=holdfast",
  debug_connection: "the gateway has a log of its own: journalctl --namespace=holdfast",
  exclude_register_type_tag: METRICS,
  name_override: METRICS,
  name_prefix: METRICS,
  name_suffix: METRICS,
  precision: METRICS,
  namepass: METRICS,
  namedrop: METRICS,
  namepass_separator: METRICS,
  namedrop_separator: METRICS,
  tagpass: METRICS,
  tagdrop: METRICS,
  taginclude: METRICS,
  tagexclude: METRICS,
  metricpass: METRICS,
  fieldpass: "every field is converted: delete the points that you do not want",
  fielddrop: "every field is converted: delete the points that you do not want",
  fieldinclude: "every field is converted: delete the points that you do not want",
  fieldexclude: "every field is converted: delete the points that you do not want",
  collection_jitter: TIMES,
  collection_offset: TIMES,
  time_source: "every value has the time at which its reply came",
  startup_error_behavior: "the gateway starts without a device, says so, and goes on trying",
};

/** @param agentMs how often Telegraf reads where the plugin does not say @returns undefined after a note */
export function readPlugin(section: Section, agentMs: number): Plugin | undefined {
  const transport = readTransport(section);
  const tags = section.tags("tags");
  if (Object.keys(tags).length > 0)
    section.notes.lost(
      section.place,
      `tags ${JSON.stringify(tags)}: values have no tags here, only their device and name`,
    );
  const style = readStyle(section);
  const timeoutMs = section.within("timeout", section.duration("timeout"), 10, 60_000, " ms");
  const name = section.text("name");
  const pollMs = section.within("interval", section.duration("interval"), ...POLL_MS, " ms") ?? agentMs;
  const workarounds = readWorkarounds(section, transport?.serial ?? false);
  const busy = readBusy(section);
  for (const [key, why] of Object.entries(LOST)) section.lose(key, why);
  for (const rs485 of section.sections("rs485", () => ", rs485")) {
    for (const key of [
      "delay_rts_before_send",
      "delay_rts_after_send",
      "rts_high_during_send",
      "rts_high_after_send",
      "rx_during_tx",
    ])
      rs485.lose(key, RS485);
    rs485.finish();
  }
  const groups = STYLES[style](section, tags);
  for (const [other, keys] of Object.entries(STYLE_KEYS))
    if (other !== style)
      for (const key of keys) section.lose(key, `configuration_type is ${style}, so Telegraf does not read it either`);
  section.finish();
  if (transport === undefined) return undefined;
  const { bus, device, requests, byteLocation } = workarounds;
  return {
    place: section.place,
    name,
    transport,
    pollMs,
    bus,
    device: { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...device, ...busy },
    requests,
    byteLocation,
    groups,
  };
}

function readStyle(section: Section): keyof typeof STYLES {
  const written = section.text("configuration_type") ?? "register";
  if (Object.hasOwn(STYLES, written)) return written as keyof typeof STYLES;
  section.notes.lost(
    section.place,
    `configuration_type = ${JSON.stringify(written)}: no such type, so register was taken`,
  );
  return "register";
}

function readBusy(section: Section): Readonly<Record<string, number>> {
  const busyRetries = section.within("busy_retries", section.number("busy_retries"), 0, BUSY_RETRIES_MAX) ?? 0;
  const wait = section.duration("busy_retries_wait");
  if (busyRetries === 0) return {};
  const busyRetryMs = section.within("busy_retries_wait", wait, 0, PAUSE_MS_MAX, " ms");
  return { busyRetries, ...(busyRetryMs === undefined ? {} : { busyRetryMs }) };
}

function readWorkarounds(
  section: Section,
  serial: boolean,
): Pick<Plugin, "bus" | "device" | "requests" | "byteLocation"> {
  const [found, ...others] = section.sections("workarounds", () => ", workarounds");
  for (const other of others) section.notes.lost(other.place, "workarounds: they are given twice, the first hold");
  if (found === undefined) return { bus: {}, device: {}, requests: {}, byteLocation: undefined };
  const number = (key: string, most: number): number => found.within(key, found.number(key), 0, most) ?? 0;
  const pause = (key: string, most: number): number => found.within(key, found.duration(key), 0, most, " ms") ?? 0;
  const connectPauseMs = pause("pause_after_connect", 60_000);
  const requestGapMs = pause("pause_between_requests", PAUSE_MS_MAX);
  const closes = found.flag("close_connection_after_gather");
  if (closes && serial)
    found.notes.lost(
      found.place,
      "close_connection_after_gather = true: a serial line stays open, nobody else can use it meanwhile",
    );
  const location = found.text("string_register_location") ?? "";
  if (!["", "both", "upper", "lower"].includes(location))
    found.notes.lost(found.place, `string_register_location = ${JSON.stringify(location)}: upper or lower is wanted`);
  const registersMax = number("max_word_registers_per_request", REGISTERS_MAX);
  const bitsMax = number("max_bit_registers_per_request", BITS_MAX);
  const onePerPoint = found.flag("one_request_per_field");
  const coilsFromZero = found.flag("read_coils_starting_at_zero");
  found.finish();
  return {
    bus: {
      ...(connectPauseMs === 0 ? {} : { connectPauseMs }),
      ...(closes && !serial ? { closeAfterPolls: true } : {}),
    },
    device: requestGapMs === 0 ? {} : { requestGapMs },
    requests: {
      ...(onePerPoint ? { onePerPoint } : {}),
      ...(registersMax === REGISTERS_MAX || registersMax === 0 ? {} : { registersMax }),
      ...(bitsMax === BITS_MAX || bitsMax === 0 ? {} : { bitsMax }),
      ...(coilsFromZero ? { coilsFromZero } : {}),
    },
    byteLocation: location === "upper" || location === "lower" ? location : undefined,
  };
}
