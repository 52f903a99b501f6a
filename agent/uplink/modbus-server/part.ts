import { SHOWN_MAX } from "../../contract/shown.ts";

/** Connections one server may be told to hold. */
const CONNECTIONS_MAX = 32;
const CLIENTS_MAX = 64;
/** Of a text: as many registers as one reply holds. */
const COUNT_MAX = 125;
const address = { type: "string", pattern: "^[0-9A-Fa-f:.]{2,45}$" } as const;

const entry = {
  type: "object",
  required: ["point", "table", "address", "type", "count", "wordOrder", "scale", "offset"],
  additionalProperties: false,
  properties: {
    point: { type: "string", pattern: "^[^/]{1,64}/[^/]{1,64}$" },
    table: { enum: ["discrete-input", "input-register", "holding-register", "coil"] },
    address: { type: "integer", minimum: 0, maximum: 65_535 },
    type: {
      enum: ["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "string"],
    },
    count: { type: "integer", minimum: 1, maximum: COUNT_MAX },
    wordOrder: { enum: ["big", "little"] },
    scale: { type: "number" },
    offset: { type: "number" },
  },
} as const;

/** The door of the Modbus server: what it relies on in a part that another process compiled. */
export const ModbusServerPart = {
  type: "object",
  required: ["host", "port", "unit", "clients", "connectionsMax", "entries"],
  additionalProperties: false,
  properties: {
    host: address,
    port: { type: "integer", minimum: 1, maximum: 65_535 },
    unit: { type: "integer", minimum: 1, maximum: 247 },
    clients: {
      type: "array",
      minItems: 1,
      maxItems: CLIENTS_MAX,
      items: { type: "string", pattern: "^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$" },
    },
    connectionsMax: { type: "integer", minimum: 1, maximum: CONNECTIONS_MAX },
    entries: { type: "array", minItems: 1, maxItems: SHOWN_MAX, items: entry },
  },
} as const;
