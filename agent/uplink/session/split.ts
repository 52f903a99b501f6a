import type { Values } from "./source.ts";

/** The values before and from index `i`, each as an entry of its own where there are any. */
export function splitAt(
  { batch, layout }: Values,
  i: number,
): readonly [gone: readonly Values[], left: readonly Values[]] {
  const part = (from: number, to: number): readonly Values[] =>
    from === to
      ? []
      : [
          {
            layout,
            batch: {
              ...batch,
              first: batch.first + from,
              points: batch.points.slice(from, to),
              values: batch.values.slice(from, to),
              qualities: batch.qualities.slice(from, to),
              times: batch.times.slice(from, to),
            },
          },
        ];
  return [part(0, i), part(i, batch.points.length)];
}
