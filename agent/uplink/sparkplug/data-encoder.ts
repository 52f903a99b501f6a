import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { PointType } from "../../contract/point.ts";
import { wholeMs } from "./encode-value.ts";
import { METRIC, PAYLOAD } from "./payload.ts";
import type { Scalar } from "./payload.ts";
import { QUALITY_FIELDS } from "./quality.ts";

const METRIC_TAG = (PAYLOAD.metrics << 3) | WireType.LengthDelimited;
const TIMESTAMP_TAG = (METRIC.timestamp << 3) | WireType.Varint;
const INT_TAG = (METRIC.intValue << 3) | WireType.Varint;
const LONG_TAG = (METRIC.longValue << 3) | WireType.Varint;
const FLOAT_TAG = (METRIC.floatValue << 3) | WireType.Bit32;
const DOUBLE_TAG = (METRIC.doubleValue << 3) | WireType.Bit64;
const TEXT_TAG = (METRIC.stringValue << 3) | WireType.LengthDelimited;
const HISTORICAL = Uint8Array.of((METRIC.isHistorical << 3) | WireType.Varint, 1);
const NULL = Uint8Array.of((METRIC.isNull << 3) | WireType.Varint, 1);
const TRUE = Uint8Array.of((METRIC.booleanValue << 3) | WireType.Varint, 1);
const FALSE = Uint8Array.of((METRIC.booleanValue << 3) | WireType.Varint, 0);

/** What a metric takes at most beside its alias, properties and text: tag, length, time, flags, a 64-bit varint. */
const METRIC_BYTES_MAX = 5 + 11 + 2 + 2 + 11;
/** Payload time, `seq`, the sequence metric and the clock-trust metric. */
export const EMPTY_DATA_BYTES_MAX = 11 + 4 + 2 * (METRIC_BYTES_MAX + 12) + 16;
const UTF8_BYTES_PER_CHAR_MAX = 3;

/** The `alias` field of a metric, ready-made. */
export function aliasField(alias: number): Uint8Array {
  return new BinaryWriter().tag(METRIC.alias, WireType.Varint).uint64(alias).finish();
}

/**
 * Writes DDATA payloads one after another with one buffer: fifteen thousand values pass here each second. Aliases and
 * qualities come ready-made, and a time equal to the one before is not encoded again.
 */
export class DataEncoder {
  readonly #writer = new BinaryWriter();
  readonly #times = new BinaryWriter();
  #timeMs = Number.NaN;
  #time: Uint8Array = new Uint8Array(0);
  #bytes = 0;

  /** An upper bound of the payload so far. */
  get bytesMax(): number {
    return this.#bytes;
  }

  begin(nowMs: number): void {
    this.#bytes = EMPTY_DATA_BYTES_MAX;
    this.#writer.tag(PAYLOAD.timestamp, WireType.Varint).uint64(wholeMs(nowMs));
  }

  /** An upper bound of what a value adds. */
  static valueBytesMax(alias: Uint8Array, quality: number | undefined, value: Scalar | null): number {
    const properties = quality === undefined ? 0 : (QUALITY_FIELDS[quality]?.length ?? 0);
    return METRIC_BYTES_MAX + alias.length + properties + contentBytesMax(value);
  }

  /** A metric that is not a sampled value: the batch's first sequence, its clock trust. */
  annotation(alias: Uint8Array, nowMs: number, value: number | string): void {
    this.#open(alias, nowMs);
    if (typeof value === "string") this.#writer.uint32(TEXT_TAG).string(value);
    else this.#writer.uint32(LONG_TAG).uint64(value);
    this.#writer.join();
  }

  /**
   * @param value bytes are a whole value field, ready-made: a record
   * @param quality index into `QUALITIES`, or undefined where it goes without saying
   */
  value(
    type: PointType | "record",
    alias: Uint8Array,
    value: Scalar | null,
    timeMs: number,
    quality: number | undefined,
    historical: boolean,
  ): void {
    this.#bytes += DataEncoder.valueBytesMax(alias, quality, value);
    this.#open(alias, timeMs);
    const writer = this.#writer;
    if (historical) writer.raw(HISTORICAL);
    if (value === null) writer.raw(NULL);
    const properties = quality === undefined ? undefined : QUALITY_FIELDS[quality];
    if (properties !== undefined) writer.raw(properties);
    if (typeof value === "number") {
      if (type === "float64") writer.uint32(DOUBLE_TAG).double(value);
      else if (type === "float32" || type === "float16") writer.uint32(FLOAT_TAG).float(value);
      else writer.uint32(INT_TAG).uint32(value >>> 0);
    } else if (typeof value === "boolean") writer.raw(value ? TRUE : FALSE);
    else if (typeof value === "string") writer.uint32(TEXT_TAG).string(value);
    else if (typeof value === "bigint") writer.uint32(LONG_TAG).uint64(BigInt.asUintN(64, value));
    else if (value !== null) writer.raw(value);
    writer.join();
  }

  finish(seq: number): Uint8Array<ArrayBuffer> {
    return this.#writer
      .uint32((PAYLOAD.seq << 3) | WireType.Varint)
      .uint32(seq)
      .finish();
  }

  #open(alias: Uint8Array, timeMs: number): void {
    if (timeMs !== this.#timeMs) {
      this.#timeMs = timeMs;
      this.#time = this.#times.uint32(TIMESTAMP_TAG).uint64(wholeMs(timeMs)).finish();
    }
    this.#writer.uint32(METRIC_TAG).fork().raw(alias).raw(this.#time);
  }
}

function contentBytesMax(value: Scalar | null): number {
  if (typeof value === "string") return value.length * UTF8_BYTES_PER_CHAR_MAX + 5;
  return typeof value === "object" && value !== null ? value.length : 0;
}
