import { openChannel } from "../../../agent/contract/channel.ts";
import type { Channel } from "../../../agent/contract/channel.ts";
import { decodeUplinkToField } from "../../../agent/contract/decode.ts";
import type { Door } from "../../../agent/contract/door.ts";
import type { PointValue } from "../../../agent/contract/point.ts";
import type { FieldFacts } from "../../../agent/contract/health.ts";
import { scalarsOf } from "../../../agent/contract/telemetry.ts";
import type { FieldToUplink, UplinkToField } from "../../../agent/contract/field-uplink.ts";
import type { Acknowledged, Batch, Gap, Roster, RosterPoint } from "../../../agent/contract/telemetry.ts";

export interface SourcePlan {
  readonly name: string;
  readonly points: readonly (Pick<RosterPoint, "name" | "type"> & Partial<RosterPoint>)[];
}

type Sample = readonly [point: number, value: PointValue, quality?: number];

/**
 * What `field` promises `uplink`, and nothing else of it: roster first, batches within the credit, everything
 * unacknowledged again on a new connection.
 */
export interface StandInField extends AsyncDisposable {
  readonly heard: UplinkToField[];
  /** gap count and cursors acknowledged so far, this boot */
  readonly acknowledged: { readonly cursors: Map<string, number>; gaps: number };
  readonly credit: () => number;
  /** values sampled and not yet acknowledged */
  readonly held: () => number;
  readonly connections: () => number;
  readonly lastSequence: (source: string) => number;
  sample(source: string, samples: readonly Sample[], timeMs: number, trust?: Batch["trust"]): void;
  gap(source: string, values: number): void;
  online(source: string, online: boolean, timeMs: number): void;
  /** What it says of itself. */
  health(facts: FieldFacts): void;
  /** Another configuration: other sources. */
  configure(sources: readonly SourcePlan[]): void;
  /** Breaks the channel; `uplink` dials again. */
  hangUp(): void;
  /** Dies and does not come back before `start`. */
  stop(): Promise<void>;
  /** A new boot: sequences from 0. */
  start(bootId?: string): Promise<void>;
  /** Something no schema of the contract forbids, and the conversation does. */
  sendRaw(message: FieldToUplink): void;
}

interface Held {
  readonly source: string;
  readonly batch: Omit<Batch, "source" | "revision">;
}

export async function standInField(door: Door, initial: readonly SourcePlan[]): Promise<StandInField> {
  let plan = initial;
  let bootId = "boot-1";
  let revision = 0;
  let channel: Channel<FieldToUplink> | undefined;
  let serving: AsyncDisposable | undefined;
  let connections = 0;
  let credit = 0;
  let sent = 0;
  let held: Held[] = [];
  let next = 0;
  let gaps: Gap[] = [];
  const heard: UplinkToField[] = [];
  const acknowledged = { cursors: new Map<string, number>(), gaps: 0 };
  const sequences = new Map<string, number>();
  const offline = new Set<string>();
  const latest = new Map<string, Pick<RosterPoint, "value" | "quality" | "timeMs">>();

  const roster = (): Roster => ({
    kind: "roster",
    bootId,
    revision,
    sources: plan.map((source) => ({
      name: source.name,
      bus: "bus",
      online: !offline.has(source.name),
      points: source.points.map((point) => ({
        output: false,
        value: null,
        quality: 1,
        timeMs: 0,
        ...point,
        ...latest.get(`${source.name}/${point.name}`),
      })),
    })),
  });
  const flush = (): void => {
    const to = channel;
    if (to === undefined) return;
    while (next < held.length) {
      const { source, batch } = held[next] as Held;
      const scalars = scalarsOf(batch);
      if (sent + scalars > credit) return;
      next += 1;
      sent += scalars;
      to.send({ ...batch, revision, source: plan.findIndex(({ name }) => name === source) });
    }
  };
  const release = (message: Acknowledged): void => {
    if (message.bootId !== bootId) return;
    for (const [source, cursor] of Object.entries(message.cursors)) acknowledged.cursors.set(source, cursor);
    acknowledged.gaps += message.gaps;
    gaps = gaps.slice(message.gaps);
    const before = held;
    held = held.filter(({ source, batch }) => batch.first + batch.points.length - 1 > (message.cursors[source] ?? -1));
    next -= before.slice(0, next).filter((entry) => !held.includes(entry)).length;
  };
  const accept = async (): Promise<void> => {
    serving = await door.serve((stream) => {
      connections += 1;
      credit = 0;
      sent = 0;
      next = 0;
      const mine = openChannel<UplinkToField, FieldToUplink>(stream, decodeUplinkToField, (message) => {
        heard.push(message);
        if (message.kind === "credit") credit = message.values;
        else if (message.kind === "acknowledged") release(message);
        flush();
      });
      channel = mine;
      mine.send(roster());
      for (const gap of gaps) mine.send(gap);
      void mine.closed.then(() => {
        if (channel === mine) channel = undefined;
      });
    });
  };
  await accept();
  return {
    heard,
    acknowledged,
    credit: () => credit,
    held: () => held.reduce((sum, { batch }) => sum + batch.points.length, 0),
    connections: () => connections,
    lastSequence: (source) => (sequences.get(source) ?? 0) - 1,
    sample(source, samples, timeMs, trust = "trusted") {
      const first = sequences.get(source) ?? 0;
      sequences.set(source, first + samples.length);
      const points = plan.find(({ name }) => name === source)?.points ?? [];
      for (const [point, value, quality = 0] of samples) {
        latest.set(`${source}/${points[point]?.name}`, { value, quality, timeMs });
      }
      held.push({
        source,
        batch: {
          kind: "batch",
          first,
          trust,
          points: samples.map(([point]) => point),
          values: samples.map(([, value]) => value),
          qualities: samples.map(([, , quality = 0]) => quality),
          times: samples.map(() => timeMs),
        },
      });
      flush();
    },
    gap(source, values) {
      const from = sequences.get(source) ?? 0;
      sequences.set(source, from + values);
      const gap: Gap = { kind: "gap", source, from, to: from + values - 1, reason: "queue-full" };
      gaps.push(gap);
      channel?.send(gap);
    },
    online(source, online, timeMs) {
      if (online) offline.delete(source);
      else offline.add(source);
      const index = plan.findIndex(({ name }) => name === source);
      channel?.send({ kind: "source-state", revision, source: index, online, trust: "trusted", timeMs });
    },
    health: (facts) => void channel?.send({ kind: "field-health", facts }),
    configure(sources) {
      plan = sources;
      revision += 1;
      held = held.filter(({ source }, i) => i < next || plan.some(({ name }) => name === source));
      channel?.send(roster());
    },
    hangUp() {
      channel?.close();
    },
    async stop() {
      channel?.close();
      channel = undefined;
      await serving?.[Symbol.asyncDispose]();
    },
    async start(boot = bootId) {
      if (boot !== bootId) {
        bootId = boot;
        held = [];
        gaps = [];
        sequences.clear();
        latest.clear();
        acknowledged.cursors.clear();
        acknowledged.gaps = 0;
      }
      await accept();
    },
    sendRaw(message) {
      channel?.send(message);
    },
    async [Symbol.asyncDispose]() {
      channel?.close();
      await serving?.[Symbol.asyncDispose]();
    },
  };
}
