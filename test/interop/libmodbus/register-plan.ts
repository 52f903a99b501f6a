import type { Table } from "../../../agent/config/snapshot.ts";
import type { FilePoint } from "../peers/gateway-file.ts";
import type { ByteOrder, Libmodbus, WideType } from "../peers/libmodbus.ts";

/** A point, how to put its value into libmodbus, and what the gateway must make of it. */
export interface PlannedPoint {
  readonly point: FilePoint;
  readonly expected: number | boolean | string;
  put(server: Libmodbus): Promise<void>;
}

const ORDERS: readonly {
  readonly order: ByteOrder;
  readonly word: "big" | "little";
  readonly byte: "big" | "little";
}[] = [
  { order: "abcd", word: "big", byte: "big" },
  { order: "cdab", word: "little", byte: "big" },
  { order: "badc", word: "big", byte: "little" },
  { order: "dcba", word: "little", byte: "little" },
];

/** Chosen so that no two bytes are alike, and for the edges: the last denormal, the largest, the most negative. */
const WIDE: readonly {
  readonly type: WideType;
  readonly words: number;
  readonly values: readonly (number | bigint)[];
}[] = [
  { type: "float32", words: 2, values: [Math.fround(-1234.5678), 2 ** -149, 3.4028234663852886e38] },
  { type: "float64", words: 4, values: [-Math.PI, 5e-324, Number.MAX_VALUE] },
  { type: "int32", words: 2, values: [-2_023_406_815, -(2 ** 31), 2 ** 31 - 1] },
  { type: "uint32", words: 2, values: [0x89abcdef, 2 ** 32 - 1] },
  { type: "int64", words: 4, values: [-(2n ** 63n), -81_985_529_216_486_896n, 2n ** 63n - 1n] },
  { type: "uint64", words: 4, values: [0x0123456789abcdefn, 2n ** 64n - 1n] },
];

const TEXT = "PUMP-7A ok";

/** Every table, type and order, each value in its own place. */
export function registerPlan(): readonly PlannedPoint[] {
  return [...wide("input-register"), ...wide("holding-register"), ...narrow(), ...bits(), text()];
}

function wide(table: Table): readonly PlannedPoint[] {
  let address = 0;
  return WIDE.flatMap(({ type, words, values }) =>
    ORDERS.flatMap(({ order, word, byte }) =>
      values.map((value, i): PlannedPoint => {
        const at = address;
        address += words;
        return {
          point: {
            name: `${table}-${type}-${order}-${i}`,
            table,
            address: at,
            type,
            wordOrder: word,
            byteOrder: byte,
          },
          expected: typeof value === "bigint" ? value.toString() : value,
          put: (server) => server.put(type, order, table, at, value),
        };
      }),
    ),
  );
}

function narrow(): readonly PlannedPoint[] {
  const tables = ["input-register", "holding-register"] as const;
  return tables.flatMap((table) => [
    one(table, 500, 0xfedc, 0xfedc, { name: `${table}-uint16`, type: "uint16" }),
    one(table, 501, 0x8001, -32_767, { name: `${table}-int16`, type: "int16" }),
    one(table, 502, 0x1234, 0x3412, { name: `${table}-uint16-swapped`, type: "uint16", byteOrder: "little" }),
    one(table, 503, 0x8000, true, { name: `${table}-bit-15`, type: "bool", bit: 15 }),
    one(table, 504, 0xfffe, false, { name: `${table}-bit-0`, type: "bool", bit: 0 }),
    one(table, 505, 250, 25, { name: `${table}-scaled`, type: "uint16", scale: 0.1 }),
  ]);
}

function bits(): readonly PlannedPoint[] {
  const tables = ["coil", "discrete-input"] as const;
  const pattern = [1, 0, 0, 1, 1, 1, 0, 1, 0];
  return tables.flatMap((table) =>
    pattern.map((bit, i) => one(table, 600 + i, bit, bit === 1, { name: `${table}-${i}` })),
  );
}

function text(): PlannedPoint {
  const bytes = Buffer.from(TEXT);
  const registers = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i));
  return {
    point: { name: "text", table: "holding-register", address: 700, type: "string", length: registers.length },
    expected: TEXT,
    async put(server) {
      for (const [i, register] of registers.entries()) await server.set("holding-register", 700 + i, register);
    },
  };
}

function one(
  table: Table,
  address: number,
  raw: number,
  expected: number | boolean,
  point: Omit<FilePoint, "table" | "address">,
): PlannedPoint {
  return { point: { ...point, table, address }, expected, put: (server) => server.set(table, address, raw) };
}
