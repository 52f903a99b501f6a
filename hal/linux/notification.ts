import { fstatSync, writeSync } from "node:fs";
import { statusLine } from "../notification.ts";
import type { Notification } from "../notification.ts";

/** Where `notify-exec` says which descriptor the connected socket has. */
const DESCRIPTOR_VARIABLE = "HOLDFAST_NOTIFY_FD";
const MICROSECONDS_PER_MS = 1_000;
/** The standard streams are never the socket. */
const DESCRIPTOR_MIN = 3;

/**
 * systemd's notification protocol over a datagram socket that `notify-exec` connected and handed down: Node cannot open
 * one, but it can write to one. A message that finds the manager's queue full is kept, the latest of each kind, and goes
 * out with the next call.
 * @param env of this process; without a socket in it nobody listens and nothing is sent
 * @see sd_notify(3)
 */
export function linuxNotification(env: NodeJS.ProcessEnv): Notification {
  const descriptor = socketIn(env);
  const unsent = new Map<string, string>();
  const send = (kind: string, value: string): void => {
    if (descriptor === undefined) return;
    // the latest of a kind, and after what waits already
    unsent.delete(kind);
    unsent.set(kind, value);
    for (const [name, text] of unsent) {
      if (!sent(descriptor, `${name}=${text}`)) return;
      unsent.delete(name);
    }
  };
  return {
    watchdogMs: descriptor === undefined ? undefined : watchdogIn(env),
    ready: () => send("READY", "1"),
    status: (text) => send("STATUS", statusLine(text)),
    alive: () => send("WATCHDOG", "1"),
    stopping: () => send("STOPPING", "1"),
  };
}

/** @returns false where it should be tried again later */
function sent(descriptor: number, message: string): boolean {
  try {
    writeSync(descriptor, message);
    return true;
  } catch (error) {
    // a manager that is gone hears nothing ever again; one that is busy will
    return !(error instanceof Error && "code" in error && error.code === "EAGAIN");
  }
}

function socketIn(env: NodeJS.ProcessEnv): number | undefined {
  const text = env[DESCRIPTOR_VARIABLE] ?? "";
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const descriptor = Number(text);
  if (descriptor < DESCRIPTOR_MIN) return undefined;
  try {
    return fstatSync(descriptor).isSocket() ? descriptor : undefined;
  } catch {
    return undefined;
  }
}

function watchdogIn(env: NodeJS.ProcessEnv): number | undefined {
  const { WATCHDOG_USEC: text = "", WATCHDOG_PID: pid } = env;
  // meant for another process, which started us
  if (pid !== undefined && pid !== String(process.pid)) return undefined;
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) / MICROSECONDS_PER_MS : undefined;
}
