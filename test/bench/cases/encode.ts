import sparkplug from "sparkplug-payload";
import protobuf from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import { DataEncoder, aliasField } from "../../../agent/uplink/sparkplug/data-encoder.ts";
import { DATA_TYPE_OF_POINT, DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import { pointScalar } from "../../../agent/uplink/sparkplug/value.ts";
import type { BenchCase } from "../bench-case.ts";
import { median } from "../median.ts";
import { METRICS, SEQUENCE_ALIAS, pollCycles } from "./encode-samples.ts";
import type { PollCycle, Sample } from "./encode-samples.ts";

/** Of one round and side: some tens of milliseconds, long beside a clock tick or a minor collection. */
const MESSAGES = 2_048;
const ROUNDS = 31;
const WARM_UP_ROUNDS = 8;

const Payload = protobuf.org.eclipse.tahu.protobuf.Payload;
type Message = Parameters<typeof Payload.encode>[0];
const TYPE_NAMES = new Map(Object.entries(DataType).map(([name, type]) => [type, name]));

export const encode: BenchCase = {
  name: "encode",
  about: `one DDATA of ${METRICS} metrics: our encoder against protobufjs static code on the same message`,
  run({ say }) {
    const cycles = pollCycles();
    const ours = oursOn(cycles);
    const statics = staticOn(cycles);
    for (let seq = 0; seq < cycles.length; seq++) {
      if (!Buffer.from(ours(seq)).equals(statics(seq))) throw new Error(`message ${seq} is not the same on both sides`);
    }
    const perSecond: { readonly ours: number[]; readonly statics: number[] } = { ours: [], statics: [] };
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const [one, other] = [rate(ours), rate(statics)];
      if (round < 0) continue;
      perSecond.ours.push(one);
      perSecond.statics.push(other);
    }
    const ratios = perSecond.ours.map((one, i) => one / (perSecond.statics[i] ?? Number.NaN));
    const bytes = cycles.reduce((sum, _, seq) => sum + ours(seq).length, 0);
    const theirBytes = cycles.reduce((sum, cycle, seq) => sum + bytesOfReference(cycle, seq), 0);
    say(
      `${(bytes / cycles.length).toFixed(0)} bytes a message, ${(theirBytes / cycles.length).toFixed(0)} by sparkplug-payload`,
    );
    return Promise.resolve([
      {
        name: "speed",
        value: median(ratios),
        unit: "x protobufjs",
        atLeast: 0.8,
        rounds: ratios,
        yardstick: { name: "protobufjs static, messages/s", value: median(perSecond.statics) },
      },
      {
        name: "bytes",
        value: bytes / theirBytes,
        unit: "x sparkplug-payload",
        atMost: 1,
        yardstick: { name: "sparkplug-payload, bytes", value: theirBytes / cycles.length },
      },
      { name: "messages/s", value: median(perSecond.ours), unit: "1/s", rounds: perSecond.ours },
    ]);
  },
};

type Encode = (seq: number) => Uint8Array;

function rate(encodeOne: Encode): number {
  const startMs = performance.now();
  let bytes = 0;
  for (let i = 0; i < MESSAGES; i++) bytes += encodeOne(i).length;
  const elapsedMs = performance.now() - startMs;
  if (bytes === 0) throw new Error("nothing was encoded");
  return (MESSAGES * 1_000) / elapsedMs;
}

/** What the uplink does for each value of a batch: aliases are ready-made since the birth, values are as they came. */
function oursOn(cycles: readonly PollCycle[]): Encode {
  const encoder = new DataEncoder();
  const sequenceAlias = aliasField(SEQUENCE_ALIAS);
  const aliases = Array.from({ length: METRICS }, (_, i) => aliasField(cycles[0]?.samples[i]?.alias ?? 0));
  return (seq) => {
    const { sentMs, first, samples } = cycles[seq % cycles.length] as PollCycle;
    encoder.begin(sentMs);
    encoder.annotation(sequenceAlias, sentMs, first);
    for (let i = 0; i < samples.length; i++) {
      const { type, value, timeMs } = samples[i] as Sample;
      encoder.value(type, aliases[i] as Uint8Array, pointScalar(type, value), timeMs, undefined, false);
    }
    return encoder.finish(seq % 256);
  };
}

/** The messages stand ready as the generated code wants them: nothing is charged to it but encoding. */
function staticOn(cycles: readonly PollCycle[]): Encode {
  const messages = cycles.map(({ sentMs, first, samples }): Message => ({
    timestamp: sentMs,
    metrics: [{ alias: SEQUENCE_ALIAS, timestamp: sentMs, longValue: first }, ...samples.map(staticMetric)],
  }));
  return (seq) => {
    const message = messages[seq % messages.length] as Message;
    message.seq = seq % 256;
    return Payload.encode(message).finish();
  };
}

function staticMetric({ type, alias, value, timeMs }: Sample) {
  const metric = { alias, timestamp: timeMs };
  if (typeof value === "boolean") return { ...metric, booleanValue: value };
  if (type === "string") return { ...metric, stringValue: String(value) };
  if (type === "float32") return { ...metric, floatValue: Number(value) };
  if (type === "float64") return { ...metric, doubleValue: Number(value) };
  if (type === "uint32" || type === "uint64") return { ...metric, longValue: Number(value) };
  return { ...metric, intValue: Number(value) >>> 0 };
}

/** The same message through the library that hosts' authors use. */
function bytesOfReference({ sentMs, first, samples }: PollCycle, seq: number): number {
  const reference = sparkplug.get("spBv1.0");
  if (reference === null) throw new Error("sparkplug-payload knows no spBv1.0");
  const metrics = samples.map(({ type, alias, value, timeMs }) => ({
    alias,
    timestamp: timeMs,
    type: TYPE_NAMES.get(DATA_TYPE_OF_POINT[type]) as "Int8",
    value: (type === "uint64" ? Number(value) : value) as number,
  }));
  const sequence = { alias: SEQUENCE_ALIAS, timestamp: sentMs, type: "UInt64" as const, value: first };
  return reference.encodePayload({ timestamp: sentMs, seq: seq % 256, metrics: [sequence, ...metrics] }).length;
}
