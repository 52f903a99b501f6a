/** What a room says of itself to whoever keeps its process running. */
export interface Standing {
  /**
   * Once: from now on it does its work, or waits for a configuration.
   * @param isWell asked every few seconds; a room that says no for long is ended and started anew
   */
  ready(isWell: () => boolean): void;
  /** How it goes, one line for a person; a later one replaces it. */
  says(text: string): void;
}
