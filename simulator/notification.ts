import { statusLine } from "../hal/notification.ts";
import type { Notification } from "../hal/notification.ts";

/** A service manager that remembers what it was told, as datagrams. */
export interface MemoryNotification extends Notification {
  readonly received: readonly string[];
}

/** @param watchdogMs how long it waits for a sign of life; undefined where it does not watch */
export function memoryNotification(watchdogMs?: number): MemoryNotification {
  const received: string[] = [];
  return {
    received,
    watchdogMs,
    ready: () => void received.push("READY=1"),
    status: (text) => void received.push(`STATUS=${statusLine(text)}`),
    alive: () => void received.push("WATCHDOG=1"),
    stopping: () => void received.push("STOPPING=1"),
  };
}
