import { ALARM_COUNTS, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import type { Loose } from "../loose.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Alarms } from "../schema/alarms.ts";
import { Io } from "../schema/io.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { ValueType } from "./tree.ts";

/** The points of the gateway's own parts, but for those that it reckons. */
export function* localTypes({ alarms, io }: Loose<GatewayFile>): Generator<readonly [PointRef, ValueType]> {
  for (const input of io?.inputs ?? [])
    if (input?.name !== undefined) yield [`${io?.device ?? defaultOf(Io.properties.device)}/${input.name}`, "bool"];
  if (alarms === undefined) return;
  const device = alarms.device ?? defaultOf(Alarms.properties.device);
  for (const rule of alarms.rules ?? []) if (rule?.name !== undefined) yield [`${device}/${rule.name}`, "string"];
  for (const name of Object.keys(SYSTEM_ALARMS)) yield [`${device}/${name}`, "string"];
  for (const name of ALARM_COUNTS) yield [`${device}/${name}`, "number"];
}
