/** Plays the calls of its first argument on the driver, under whatever flags the caller gave. */
import { linuxNotification } from "../../../hal/linux/notification.ts";
import type { NotificationCall } from "../notification.contract.ts";

const notification = linuxNotification(process.env);
for (const call of JSON.parse(process.argv[2] ?? "[]") as readonly NotificationCall[]) {
  if (call[0] === "status") notification.status(call[1]);
  else notification[call[0]]();
}
process.stdout.write(JSON.stringify({ pid: process.pid, watchdogMs: notification.watchdogMs ?? null }));
