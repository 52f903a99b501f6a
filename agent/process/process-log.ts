import { pino } from "pino";
import type { Log } from "../contract/log.ts";

/** Fields whose value never reaches a log line, whatever object they came in. */
const SECRETS = ["key", "password", "secret", "token", "*.key", "*.password", "*.secret", "*.token"];

/** Diagnostics of one process on standard error, one JSON object a line, written at once so that a crash loses none. */
export function processLog(room: string): Log {
  const logger = pino(
    {
      base: { room },
      level: "info",
      redact: { paths: SECRETS, censor: "[secret]" },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: "event",
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}
