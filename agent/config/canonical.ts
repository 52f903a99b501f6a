/** JSON with the keys of every object in code unit order: one value, one text. Only for what JSON can hold. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(canonical(value));
}

/** The same value with its keys in order. */
export function canonical<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(canonical) as Value;
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, part]) => [key, canonical(part)])) as Value;
}
