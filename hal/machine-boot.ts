/** Tells a start of the machine from a restart of one process. */
export interface MachineBoot {
  /** Names this start of the machine, the same for every process until the next; undefined where nobody can tell. */
  id(): Promise<string | undefined>;
}
