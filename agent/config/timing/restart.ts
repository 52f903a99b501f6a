/** `holdfast run` doubles its pause up to so much for a process that keeps ending; systemd waits half of it. */
export const RESTART_PAUSE_MS = 1_000;
/**
 * From the start of a process to its first byte on a line: loading, what is stored, the last good configuration. Measured
 * at 0.4 s on a desktop core with other work; the slowest gateways take five times as long.
 */
export const FIELD_START_MS = 2_000;
/** How long `field` waits for its own store before a step of the plan goes out all the same. */
export const STORE_MS = 250;
/** How often `field` looks at the triggers of a plan: a twentieth of the 2 s in which one is done. */
export const TRIGGER_LOOK_MS = 100;
/** Opening a serial port, or looking up a name. */
export const OPEN_MS = 200;
