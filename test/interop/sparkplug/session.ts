import type { Mark } from "../../../agent/contract/mqtt.ts";
import type { Seen } from "../peers/observer.ts";
import { aliasesOf, decodeByOracle } from "./oracle.ts";
import type { Alias, OracleMetric, OraclePayload } from "./oracle.ts";

/** Counts 0 to 255 and begins again, over every message of the node and its devices. */
const SEQ_COUNT = 256;
const SEQUENCE_METRIC = "Holdfast/Sequence";
/** what a data message says beside the values of points */
const ANNOTATION_PREFIX = "Holdfast/";
const BOOT_ID_METRIC = "Holdfast/Boot Id";

export interface EdgeNode {
  readonly site: string;
  readonly device: string;
  readonly group: string;
  readonly node: string;
}

/** One value of a DDATA, with the sequence that its place in the message gives it. */
export interface CapturedValue {
  readonly bootId: string;
  readonly source: string;
  readonly metric: OracleMetric;
  readonly name: string;
  readonly sequence: number;
  readonly arrived: number;
}

export interface CapturedSession {
  /** Whatever the specification does not allow, in words; empty for a session that is right. */
  readonly violations: readonly string[];
  /** `NBIRTH`, `DBIRTH flow`, `DDATA flow` … in the order they arrived. */
  readonly order: readonly string[];
  readonly values: readonly CapturedValue[];
  /** by device, the metrics of its latest birth, by name */
  readonly births: ReadonlyMap<string, ReadonlyMap<string, OracleMetric>>;
  readonly nodeBirth: ReadonlyMap<string, OracleMetric>;
  readonly marks: readonly Mark[];
  readonly bdSeqs: readonly number[];
}

/** Reads what an observer saw as a Sparkplug host application would, and judges it. */
export function readSession(seen: readonly Seen[], edge: EdgeNode): CapturedSession {
  const violations: string[] = [];
  const order: string[] = [];
  const values: CapturedValue[] = [];
  const births = new Map<string, ReadonlyMap<string, OracleMetric>>();
  const marks: Mark[] = [];
  const bdSeqs: number[] = [];
  const aliases = new Map<number, Alias & { readonly owner: string | undefined }>();
  let nodeBirth: ReadonlyMap<string, OracleMetric> = new Map();
  let seq: number | undefined;
  let alive = false;
  const own = new RegExp(`^spBv1\\.0/${edge.group}/([A-Z]+)/${edge.node}(?:/(.+))?$`);

  const born = (
    owner: string | undefined,
    payload: OraclePayload,
    bytes: Uint8Array,
  ): ReadonlyMap<string, OracleMetric> => {
    for (const [alias, meaning] of aliasesOf(bytes)) {
      const given = aliases.get(alias);
      const again = given?.owner === owner && given?.name === meaning.name;
      if (given !== undefined && !again) violations.push(`alias ${alias} is ${given.name} and ${meaning.name}`);
      aliases.set(alias, { ...meaning, owner });
    }
    return new Map(payload.metrics.map((metric) => [metric.name ?? "", metric]));
  };

  for (const [arrived, message] of seen.entries()) {
    if (message.topic === `holdfast/v1/${edge.site}/${edge.device}/mark`) {
      marks.push(JSON.parse(message.payload.toString("utf8")) as Mark);
      if (message.qos !== 1 || message.retain) violations.push("a mark is QoS 1 and not retained");
      continue;
    }
    const [, kind, device] = own.exec(message.topic) ?? [];
    if (kind === undefined || kind === "NCMD" || kind === "DCMD") continue;
    order.push(device === undefined ? kind : `${kind} ${device}`);
    if (message.retain) violations.push(`${kind} is retained`);
    const payload = decodeByOracle(message.payload, aliases);
    if (kind === "NDEATH") {
      const bdSeq = metricOf(payload, "bdSeq");
      if (bdSeq !== bdSeqs.at(-1))
        violations.push(`NDEATH has bdSeq ${String(bdSeq)} after a birth of ${bdSeqs.at(-1)}`);
      alive = false;
      continue;
    }
    if (kind === "NBIRTH") {
      aliases.clear();
      nodeBirth = born(undefined, payload, message.payload);
      if (payload.seq !== 0) violations.push(`NBIRTH has seq ${payload.seq}`);
      bdSeqs.push(Number(metricOf(payload, "bdSeq")));
      alive = true;
      seq = 0;
      births.clear();
      continue;
    }
    if (!alive) violations.push(`${kind} ${device ?? ""} of a node that is not born`);
    const wanted = ((seq ?? -1) + 1) % SEQ_COUNT;
    if (payload.seq !== wanted) violations.push(`${kind} ${device ?? ""} has seq ${payload.seq}, ${wanted} wanted`);
    seq = payload.seq;
    if (device === undefined) continue;
    if (kind === "DBIRTH") births.set(device, born(device, payload, message.payload));
    else if (!births.has(device)) violations.push(`${kind} of ${device}, which is not born`);
    if (kind === "DDEATH") births.delete(device);
    if (kind !== "DDATA") continue;
    const bootId = String(nodeBirth.get(BOOT_ID_METRIC)?.value);
    readData(payload, aliases, violations).forEach(({ name, metric, sequence }) =>
      values.push({ bootId, source: device, name, metric, sequence, arrived }),
    );
  }
  return { violations, order, values, births, nodeBirth, marks, bdSeqs };
}

function metricOf(payload: OraclePayload, name: string): OracleMetric["value"] | undefined {
  return payload.metrics.find((metric) => metric.name === name)?.value;
}

function readData(
  payload: OraclePayload,
  aliases: ReadonlyMap<number, Alias>,
  violations: string[],
): readonly { readonly name: string; readonly metric: OracleMetric; readonly sequence: number }[] {
  const named = payload.metrics.map((metric) => {
    const alias = metric.alias === undefined ? undefined : aliases.get(metric.alias);
    if (alias === undefined && metric.name === undefined) violations.push(`alias ${metric.alias} resolves to nothing`);
    return { name: alias?.name ?? metric.name ?? "", metric };
  });
  const first = named.find(({ name }) => name === SEQUENCE_METRIC)?.metric.value;
  // without a sequence it is no sample: the newest values said again, after history went out
  if (typeof first !== "number") return [];
  const points = named.filter(({ name }) => !name.startsWith(ANNOTATION_PREFIX));
  return points.map((point, i) => ({ ...point, sequence: first + i }));
}

/** Highest sequence of each source. */
export type Heights = Readonly<Record<string, number>>;

/** What the marks of one boot say was published. */
export function markedHeights(session: CapturedSession, bootId: string): Heights {
  const heights: Record<string, number> = {};
  for (const mark of session.marks) if (mark.bootId === bootId) Object.assign(heights, mark.sources);
  return heights;
}

/**
 * `source/sequence` of everything up to these heights, in one boot, that neither arrived nor was declared lost. Empty
 * is what *nothing is lost in silence* means.
 */
export function missingSequences(session: CapturedSession, bootId: string, heights: Heights): readonly string[] {
  const there = new Set(
    session.values.filter((value) => value.bootId === bootId).map(({ source, sequence }) => `${source}/${sequence}`),
  );
  for (const gap of session.marks.filter((mark) => mark.bootId === bootId).flatMap((mark) => mark.gaps)) {
    for (let sequence = gap.from; sequence <= gap.to; sequence++) there.add(`${gap.source}/${sequence}`);
  }
  return Object.entries(heights).flatMap(([source, height]) =>
    Array.from({ length: height + 1 }, (_, sequence) => `${source}/${sequence}`).filter((key) => !there.has(key)),
  );
}
