/** The settings of a unit file, all values of each key in their order. Not for files with sections that share a key. */
export function readUnit(text: string): ReadonlyMap<string, readonly string[]> {
  const pairs = text
    .split("\n")
    .map((line) => /^([A-Za-z]+)=(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, key = "", value = ""]) => [key, value] as const);
  return new Map(
    Map.groupBy(pairs, ([key]) => key)
      .entries()
      .map(([key, all]) => [key, all.map(([, value]) => value)]),
  );
}

/** The words of a setting that has them separated by spaces. */
export function wordsOf(unit: ReadonlyMap<string, readonly string[]>, key: string): readonly string[] {
  return (unit.get(key) ?? []).flatMap((value) => value.split(" ")).filter((word) => word !== "");
}
