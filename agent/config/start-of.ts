/** Where a YAML node begins in the text; undefined for what is not in it. */
export function startOf(node: unknown): number | undefined {
  const range: unknown = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? (range[0] as number) : undefined;
}
