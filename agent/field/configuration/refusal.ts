/** Why an offered configuration is not taken. The running one stays. */
export type ConfigurationErrorCode =
  | "CONFIG_SNAPSHOT_MALFORMED" // not what the command line compiles: versions differ, or somebody else made it
  | "CONFIG_NAME_DUPLICATE" // bus, device and point names name one thing each
  | "CONFIG_UNIT_DUPLICATE" // two devices of one bus would answer at once
  | "CONFIG_LINE_DUPLICATE" // a serial line has one arbiter
  | "CONFIG_RANGE_WRAPS" // registers beyond 65535
  | "CONFIG_OUTPUT_INVALID" // this table, type or write function cannot be written so
  | "CONFIG_TOO_LARGE" // what it describes does not fit one message between processes
  | "CONFIG_NAMES_EXHAUSTED" // too many different device names since the process started: restart it
  | "CONFIG_NOT_STORED"; // the disk refused it, and it would be gone after the next start

export class ConfigurationError extends Error {
  readonly code: ConfigurationErrorCode;
  constructor(code: ConfigurationErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "ConfigurationError";
    this.code = code;
  }
}
