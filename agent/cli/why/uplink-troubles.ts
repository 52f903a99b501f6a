import type { AlarmSinkStatus } from "../../contract/alarm-sinks.ts";
import type { ModbusServerStatus } from "../../contract/modbus-server.ts";
import type { UplinkStatus } from "../../contract/uplink-status.ts";
import { EVIDENCE } from "../words/evidence.ts";
import { since, trouble } from "./field-troubles.ts";
import type { Trouble } from "./trouble.ts";

/** What is wrong on the way to the broker. */
export function uplinkTroubles(uplink: UplinkStatus): readonly Trouble[] {
  const { held, writesRefused } = uplink;
  return [
    ...connectionTrouble(uplink),
    ...awayTroubles(uplink),
    ...(uplink.notify ?? []).flatMap(receiverTroubles),
    ...(uplink.modbusServer === undefined ? [] : serverTroubles(uplink.modbusServer)),
    ...(held.length === 0
      ? []
      : [
          trouble("uplink", "UPLINK_BUDGET_USED_UP", "yellow", (say) => [
            say(EVIDENCE.held, { classes: held.join(", ") }),
          ]),
        ]),
    ...(writesRefused === 0
      ? []
      : [
          trouble("uplink", "UPLINK_WRITES_REFUSED", "yellow", (say) => [
            say(EVIDENCE.writes, { count: writesRefused }),
          ]),
        ]),
  ];
}

/** A receiver that is away needs an eye: alarms wait for it, and stand in the status meanwhile. */
function receiverTroubles({ name, address, state, waiting, lost, lastFault }: AlarmSinkStatus): readonly Trouble[] {
  const counts: Trouble["evidence"] = (say) => [address, say(EVIDENCE.receiver, { waiting, lost })];
  const code = lastFault?.code ?? "NOTIFY_TIMEOUT";
  const away: Trouble["evidence"] = (say) => [...(lastFault === undefined ? [] : [lastFault.message]), ...counts(say)];
  return [
    ...(state === "retrying" ? [{ ...trouble(name, code, "yellow", away), ...since(lastFault?.timeMs) }] : []),
    ...(lost > 0 ? [trouble(name, "NOTIFY_LOST", "red", counts)] : []),
  ];
}

function serverTroubles({ listening, lastFault, address }: ModbusServerStatus): readonly Trouble[] {
  if (lastFault === undefined && listening) return [];
  const code = lastFault?.code ?? "MODBUS_SERVER_LISTEN_FAILED";
  const evidence: Trouble["evidence"] = () => [address, ...(lastFault === undefined ? [] : [lastFault.message])];
  return [{ ...trouble("modbus-server", code, listening ? "yellow" : "red", evidence), ...since(lastFault?.timeMs) }];
}

function connectionTrouble({ state, lastFault, attempts, retryInMs }: UplinkStatus): readonly Trouble[] {
  if (state === "online") return [];
  if (state === "unconfigured") return [trouble("uplink", "UNCONFIGURED", "red", () => [])];
  const waiting = state === "waiting-for-host";
  const code = waiting ? "UPLINK_PRIMARY_HOST_AWAY" : (lastFault?.code ?? "UPLINK_NOT_ONLINE");
  const evidence: Trouble["evidence"] = (say) => [
    say(EVIDENCE.state, { state }),
    ...(lastFault === undefined || waiting ? [] : [lastFault.message]),
    ...(retryInMs === undefined ? [] : [say(EVIDENCE.attempts, { attempts, seconds: (retryInMs / 1_000).toFixed(1) })]),
  ];
  return [{ ...trouble("uplink", code, "red", evidence), ...since(lastFault?.timeMs) }];
}

/** Brokers that failed while another one serves: nothing is lost, and nothing is spare. */
function awayTroubles({ broker, brokers }: UplinkStatus): readonly Trouble[] {
  return brokers.flatMap(({ address, state, lastFault }) => {
    if (address === broker || state !== "away" || lastFault === undefined) return [];
    const { code, message, timeMs } = lastFault;
    return [{ ...trouble(address, code, "yellow", () => [message]), sinceMs: timeMs }];
  });
}
