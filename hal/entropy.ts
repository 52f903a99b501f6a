/** Unpredictable bytes. The simulator's come from a seed. */
export interface Entropy {
  /** @param count 1 to 65536 */
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). For jitter and sampling, never for secrets. */
  fraction(): number;
}
