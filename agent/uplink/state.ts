import type { Clock } from "../../hal/clock.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import type { Fault } from "../contract/fault.ts";
import type { AlarmSinkStatus } from "../contract/alarm-sinks.ts";
import type { FieldFacts } from "../contract/health.ts";
import type { ModbusServerStatus } from "../contract/modbus-server.ts";
import type { ConfigReport } from "../contract/report.ts";
import type { BrokerStatus, PrimaryHost, TlsFacts, Traffic, UplinkStatus } from "../contract/uplink-status.ts";
import { explain } from "./mqtt/fault.ts";
import { brokerAddress } from "./way/way.ts";

const FAULT_CHARS_MAX = 512;

/** What `status` shows of the uplink; every part of the room writes its own numbers here. */
export interface UplinkState {
  state: UplinkStatus["state"];
  broker: string;
  brokers: BrokerStatus[];
  interfaceName: string;
  tls: TlsFacts | undefined;
  hybridStalled: boolean;
  pingS: number;
  primaryHost: PrimaryHost | undefined;
  day: Traffic;
  month: Traffic;
  held: UplinkStatus["held"];
  protocol: UplinkStatus["protocol"];
  /** when the next attempt begins, monotonic clock */
  retryAtMs: number | undefined;
  /** when the attempt that is under way began, monotonic clock; undefined while there is none */
  attemptSinceMs: number | undefined;
  configDigest: string;
  configReport: ConfigReport | null;
  /** what field said of itself last; undefined while it is away */
  fieldFacts: FieldFacts | undefined;
  keeperLinked: boolean;
  lastFault: Fault | undefined;
  connects: number;
  attempts: number;
  marksSent: number;
  marksAcknowledged: number;
  dataMessages: number;
  births: number;
  rebirthsRefused: number;
  writesRefused: number;
  malformedMessages: number;
  oversizeMessages: number;
}

export function emptyState(): UplinkState {
  return {
    state: "unconfigured",
    broker: "",
    brokers: [],
    interfaceName: "",
    tls: undefined,
    hybridStalled: false,
    pingS: 0,
    primaryHost: undefined,
    day: { live: 0, history: 0, management: 0, overhead: 0 },
    month: { live: 0, history: 0, management: 0, overhead: 0 },
    held: [],
    protocol: "",
    retryAtMs: undefined,
    attemptSinceMs: undefined,
    configDigest: "",
    configReport: null,
    fieldFacts: undefined,
    keeperLinked: false,
    lastFault: undefined,
    connects: 0,
    attempts: 0,
    marksSent: 0,
    marksAcknowledged: 0,
    dataMessages: 0,
    births: 0,
    rebirthsRefused: 0,
    writesRefused: 0,
    malformedMessages: 0,
    oversizeMessages: 0,
  };
}

/** Remembers the failure until the next one, of this broker and of all. */
export function recordFault(state: UplinkState, clock: Clock, error: unknown, broker: BrokerSnapshot): void {
  state.lastFault = recordBrokerFault(state, clock, error, broker);
}

/** A failure that keeps nobody from being served: only this broker shows it. */
export function recordBrokerFault(state: UplinkState, clock: Clock, error: unknown, broker: BrokerSnapshot): Fault {
  const { code, message } = explain(error, broker);
  const fault = { code, message: message.slice(0, FAULT_CHARS_MAX), timeMs: clock.wall().unixMs };
  const address = brokerAddress(broker);
  state.brokers = state.brokers.map((one) => (one.address === address ? { ...one, lastFault: fault } : one));
  return fault;
}

/** One broker is tried or serves at a time: any other that was so is not needed now. */
export function showBroker(state: UplinkState, broker: BrokerSnapshot, shown: BrokerStatus["state"]): void {
  const address = brokerAddress(broker);
  state.brokers = state.brokers.map((one) => {
    if (one.address === address) return { ...one, state: shown };
    return one.state === "away" ? one : { ...one, state: "standby" };
  });
}

export function statusOf(
  state: UplinkState,
  clock: Clock,
  notify: readonly AlarmSinkStatus[] = [],
  modbusServer?: ModbusServerStatus,
): UplinkStatus {
  const {
    retryAtMs,
    attemptSinceMs: _attempt,
    lastFault,
    tls,
    primaryHost,
    configReport: _,
    fieldFacts: _facts,
    keeperLinked: _linked,
    ...rest
  } = state;
  return {
    ...rest,
    ...(retryAtMs === undefined ? {} : { retryInMs: Math.max(0, Math.ceil(retryAtMs - clock.monotonicMs())) }),
    ...(lastFault === undefined ? {} : { lastFault }),
    ...(tls === undefined ? {} : { tls }),
    ...(modbusServer === undefined ? {} : { modbusServer }),
    ...(primaryHost === undefined ? {} : { primaryHost }),
    ...(notify.length === 0 ? {} : { notify: [...notify] }),
  };
}
