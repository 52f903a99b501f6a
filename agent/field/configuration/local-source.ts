/** A source that is no field device, as it counts at the door. */
export interface LocalSource {
  /** its name, unique among all sources */
  readonly device: string;
  /** bytes of it in a roster, at most */
  readonly rosterBytesMax: number;
}
