import type { ScalarValue } from "./point.ts";

/** Points shown to legacy SCADA at most. */
export const SHOWN_MAX = 10_000;

/**
 * field → uplink. Latest values of points that the Modbus server shows; the first message of a connection, and of each
 * configuration, has all. Nothing changed: empty lists, as a sign of life. Checked by hand, as a batch is.
 */
export interface Shown {
  readonly kind: "shown";
  /** of the configuration whose `shown` list the indices mean */
  readonly configDigest: string;
  readonly points: readonly number[];
  readonly values: readonly ScalarValue[];
  /** indices into QUALITIES */
  readonly qualities: readonly number[];
}

/** What `field` said is believed for so long without a further word: a `field` that hangs shows no old values. */
export const SHOWN_KEPT_MS = 10_000;

/** Points that the Modbus server shows, each once, in the order in which `Shown` counts them. */
export function shownPoints(entries: readonly { readonly point: string }[]): readonly string[] {
  return [...new Set(entries.map(({ point }) => point))];
}
