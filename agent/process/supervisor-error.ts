export type SupervisorErrorCode =
  | "RUN_FOLDER_TOO_LONG" // a socket's path below it would not fit
  | "RUN_FOLDER_REFUSED" // the state or run folder cannot be made
  | "RUN_ALREADY_RUNNING"; // another supervisor holds this run folder

export class SupervisorError extends Error {
  readonly code: SupervisorErrorCode;
  constructor(code: SupervisorErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "SupervisorError";
    this.code = code;
  }
}
