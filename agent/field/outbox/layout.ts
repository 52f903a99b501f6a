import type { PointFacts, Source } from "../points/source.ts";

/** How one source's points are numbered: values in a batch name them so. */
export interface Layout {
  readonly source: string;
  readonly points: readonly { readonly name: string; readonly type: string }[];
  /** place in the present roster; -1 once this numbering is not the one in use */
  index: number;
}

export function layoutOf(source: Source, index: number): Layout {
  return {
    source: source.name,
    points: source.points.map(({ facts }) => ({ name: facts.name, type: typeOf(facts) })),
    index,
  };
}

/** What values of a point are: of a record, what its cells are. */
function typeOf({ type, record }: PointFacts): string {
  return record === undefined ? type : JSON.stringify(record);
}

export function sameNumbering(a: Layout, b: Layout): boolean {
  return (
    a.points.length === b.points.length &&
    a.points.every((point, i) => point.name === b.points[i]?.name && point.type === b.points[i]?.type)
  );
}

/** Old place to new place of each point; -1 where it is gone, or is something else under the same name. */
export function renumbering(from: Layout, to: Layout | undefined): readonly number[] {
  const places = new Map(to?.points.map(({ name, type }, place) => [`${name} ${type}`, place]));
  return from.points.map(({ name, type }) => places.get(`${name} ${type}`) ?? -1);
}
