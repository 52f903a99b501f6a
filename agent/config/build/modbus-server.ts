import type { PointTypes } from "../expression/point-types.ts";
import { pointCount } from "../point-size.ts";
import { defaultOf } from "../schema.ts";
import { ModbusServer, ModbusServerEntry } from "../schema/modbus-server.ts";
import type { ModbusServerEntry as EntrySnapshot, ModbusServerSnapshot } from "../snapshot/modbus-server.ts";

export function buildModbusServer(server: ModbusServer, points: PointTypes): ModbusServerSnapshot {
  const { port, unit, connectionsMax } = ModbusServer.properties;
  return {
    host: server.host,
    port: server.port ?? defaultOf(port),
    unit: server.unit ?? defaultOf(unit),
    clients: server.clients,
    connectionsMax: server.connectionsMax ?? defaultOf(connectionsMax),
    entries: server.entries.map((entry) => buildEntry(entry, points)),
  };
}

function buildEntry(entry: ModbusServerEntry, points: PointTypes): EntrySnapshot {
  const { wordOrder, scale, offset } = ModbusServerEntry.properties;
  const type = entryType(entry, points);
  if (type === undefined) throw new TypeError("an entry without a type was to be built");
  return {
    point: entry.point,
    table: entry.table,
    address: entry.address,
    type,
    count: pointCount(type, entry.length),
    wordOrder: entry.wordOrder ?? defaultOf(wordOrder),
    scale: entry.scale ?? defaultOf(scale),
    offset: entry.offset ?? defaultOf(offset),
  };
}

/** As written; or, where there is only one way to show the point, that. */
export function entryType(
  { type, point }: { readonly type?: ModbusServerEntry["type"] | undefined; readonly point: string },
  points: PointTypes,
): ModbusServerEntry["type"] {
  if (type !== undefined) return type;
  const kind = points.typeOf(point);
  return kind === "bool" || kind === "string" ? kind : undefined;
}
