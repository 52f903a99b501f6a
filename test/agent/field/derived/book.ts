import { PointBook } from "../../../../agent/field/points/book.ts";
import { Source } from "../../../../agent/field/points/source.ts";
import type { PointFacts, Sink } from "../../../../agent/field/points/source.ts";
import { qualityCode } from "../../../../agent/contract/point.ts";
import type { PointValue, QualityReason } from "../../../../agent/contract/point.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";

export const noSink: Sink = { sampled: () => 0, turned: () => {} };

/** A source of points that a test sets by hand, by `source/point`. */
export function played(types: Readonly<Record<string, PointFacts["type"]>>, clock: VirtualClock = virtualClock()) {
  const bySource = Map.groupBy(Object.entries(types), ([ref]) => ref.slice(0, ref.indexOf("/")));
  const sources = [...bySource].map(
    ([name, points]) =>
      new Source(
        "test",
        name,
        points.map(([ref, type]) => ({
          facts: { name: ref.slice(name.length + 1), type, output: false },
          changed: (before, after) => before !== after,
          heartbeatMs: 0,
        })),
        { clock, sink: noSink },
      ),
  );
  const book = new PointBook();
  book.lay(sources);
  return {
    clock,
    book,
    sources,
    set(ref: string, value: PointValue, reason: QualityReason = "ok"): void {
      const source = sources.find(({ name }) => ref.startsWith(`${name}/`)) as Source;
      const index = source.points.findIndex(({ facts }) => `${source.name}/${facts.name}` === ref);
      source.take(index, value, qualityCode(reason));
    },
  };
}
