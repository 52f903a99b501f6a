import { POINTS_PER_SOURCE_MAX } from "../../contract/telemetry.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const ADDRESSES = 65_536;
const TABLES = ["coil", "discrete-input", "input-register", "holding-register"] as const;
/** What one device's requests may declare: more would be slower to plan than to poll. */
const BLOCKS_MAX = 256;

/** How a device's points become requests, and which may not be read twice. @throws {ConfigurationError} */
export function checkRequests(device: Fields): void {
  if (device.has("busy")) {
    const busy = device.object("busy");
    busy.integer("retries", 1, 10);
    busy.integer("retryMs", 0, 10_000);
  }
  const points = device.list("points", POINTS_PER_SOURCE_MAX);
  checkClearOnRead(points);
  if (!device.has("requests")) return;
  const requests = device.object("requests");
  requests.oneOf("optimise", ["none", "shrink", "rearrange", "max-insert"]);
  requests.integer("insertMax", 0, 1_999);
  requests.boolean("onePerPoint");
  const registersMax = requests.integer("registersMax", 1, 125);
  const bitsMax = requests.integer("bitsMax", 1, 2_000);
  const fromZero = requests.boolean("coilsFromZero");
  for (const point of points) {
    const [address, count] = [point.integer("address", 0, ADDRESSES - 1), point.integer("count", 1, 125)];
    const table = point.oneOf("table", TABLES);
    const bits = table === "coil" || table === "discrete-input";
    if (!bits && count > registersMax) throw tooLong(point, count, registersMax);
    if (fromZero && table === "coil" && address + count > bitsMax) throw tooLong(point, address + count, bitsMax);
    if (fromZero && table === "coil" && point.has("clearOnRead")) throw readTwice(point);
  }
  checkBlocks(requests.list("blocks", BLOCKS_MAX));
}

function checkBlocks(blocks: readonly Fields[]): void {
  const seen: { readonly table: string; readonly first: number; readonly end: number }[] = [];
  for (const block of blocks) {
    const first = block.integer("address", 0, ADDRESSES - 1);
    const range = { table: block.oneOf("table", TABLES), first, end: first + block.integer("count", 1, ADDRESSES) };
    const overlaps = seen.some((one) => one.table === range.table && one.first < range.end && range.first < one.end);
    if (overlaps || range.end > ADDRESSES) {
      throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${block.where} overlaps another, or leaves its table`);
    }
    seen.push(range);
  }
}

/** No other request may reach into what reading changes. */
function checkClearOnRead(points: readonly Fields[]): void {
  for (const point of points) {
    if (!point.has("clearOnRead")) continue;
    point.oneOf("clearOnRead", [true]);
    const overlapping = points.some((other) => other !== point && overlap(point, other) && !together(point, other));
    if (overlapping || point.has("output")) throw readTwice(point);
  }
}

function overlap(one: Fields, other: Fields): boolean {
  const [from, to] = [one, other].map((point) => Number(point.raw("address"))) as [number, number];
  return (
    one.raw("table") === other.raw("table") &&
    from < to + Number(other.raw("count")) &&
    to < from + Number(one.raw("count"))
  );
}

function together(one: Fields, other: Fields): boolean {
  return (["clearOnRead", "address", "count", "pollMs"] as const).every((key) => one.raw(key) === other.raw(key));
}

function tooLong({ where }: Fields, offered: number, max: number): ConfigurationError {
  return new ConfigurationError(
    "CONFIG_SNAPSHOT_MALFORMED",
    `${where} needs a request of ${offered}, ${max} are allowed`,
  );
}

function readTwice({ where }: Fields): ConfigurationError {
  return new ConfigurationError(
    "CONFIG_SNAPSHOT_MALFORMED",
    `${where}: what reading clears is read by another request`,
  );
}
