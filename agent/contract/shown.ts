/** What `field` said is believed for so long without a further word: a `field` that hangs shows no old values. */
export const SHOWN_KEPT_MS = 10_000;

/** Points that the Modbus server shows, each once, in the order in which `Shown` counts them. */
export function shownPoints(entries: readonly { readonly point: string }[]): readonly string[] {
  return [...new Set(entries.map(({ point }) => point))];
}
