/** Where a command reads and prints, so that tests can be its terminal. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly isTty: boolean;
  /** how wide the terminal is, where it is one */
  readonly columns: number;
  /** how high it is; absent: as high as it takes */
  readonly rows?: number | undefined;
}

export interface FileIo extends CommandIo {
  /** The text of a file. Rejects where it cannot be read. */
  readFile(path: string): Promise<string>;
}

export const EXIT_DONE = 0;
/** refused or failed */
export const EXIT_FAILED = 1;
/** used wrongly */
export const EXIT_USAGE = 2;

/** A refusal of a command: what, where, and the next step; never a stack trace. */
export function refuse(io: CommandIo, code: string, message: string): number {
  io.err(`holdfast: ${code}: ${message}\n`);
  return EXIT_FAILED;
}

export function misused(io: CommandIo, message: string): number {
  io.err(`holdfast: ${message}\nSee 'holdfast help'.\n`);
  return EXIT_USAGE;
}
