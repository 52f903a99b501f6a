import type { AlarmSinkStatus } from "../contract/alarm-sinks.ts";
import type { ModbusServerStatus } from "../contract/modbus-server.ts";
import type { UplinkStatus } from "../contract/uplink-status.ts";
import type { Paint } from "./paint.ts";
import type { Say } from "./words/phrase.ts";
import { UPLINK } from "./words/uplink-words.ts";

const MARGIN = " ".repeat(10);

/** Who else is told of alarms, and who else reads: what the uplink does beside the broker. */
export function serviceLines({ notify = [], modbusServer }: UplinkStatus, say: Say, paint: Paint): readonly string[] {
  return [
    ...notify.map((sink) => receiverLine(sink, say, paint)),
    ...(modbusServer === undefined ? [] : [serverLine(modbusServer, say, paint)]),
  ];
}

function receiverLine(
  { name, state, delivered, waiting, lost, lastFault }: AlarmSinkStatus,
  say: Say,
  paint: Paint,
): string {
  const retrying = state === "retrying";
  const parts = [
    say(UPLINK.receiver, { name, state: retrying ? paint("yellow", state) : state, delivered }),
    ...(waiting > 0 ? [say(UPLINK.receiverWaiting, { waiting })] : []),
    ...(lost > 0 ? [paint("red", say(UPLINK.receiverLost, { lost }))] : []),
    ...(retrying && lastFault !== undefined ? [paint("yellow", lastFault.code)] : []),
  ];
  return `${MARGIN}${parts.join(", ")}`;
}

function serverLine(server: ModbusServerStatus, say: Say, paint: Paint): string {
  const { address, clients, requests, listening, refusedWrites, refusedClients } = server;
  if (!listening) return `${MARGIN}${paint("red", say(UPLINK.serverDown, { address }))}`;
  const refused = refusedWrites + refusedClients;
  const odd =
    refused === 0
      ? ""
      : `  ${paint("yellow", say(UPLINK.serverRefused, { writes: refusedWrites, clients: refusedClients }))}`;
  return `${MARGIN}${say(UPLINK.server, { address, clients, requests })}${odd}`;
}
