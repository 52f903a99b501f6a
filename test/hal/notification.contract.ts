import assert from "node:assert/strict";
import { STATUS_BYTES_MAX } from "../../hal/notification.ts";
import type { ContractCase } from "./contract.ts";

/** What is called, in order: the method, and its text where it has one. */
export type NotificationCall = readonly ["ready" | "alive" | "stopping"] | readonly ["status", string];

/** @param received plays the calls and gives the datagrams that arrived */
export function notificationContract(
  received: (calls: readonly NotificationCall[]) => Promise<readonly string[]>,
): ContractCase[] {
  return [
    {
      name: "every call is a message of its own, in order",
      async run() {
        const calls = [["ready"], ["status", "polling"], ["alive"], ["alive"], ["stopping"]] as const;
        assert.deepEqual(await received(calls), [
          "READY=1",
          "STATUS=polling",
          "WATCHDOG=1",
          "WATCHDOG=1",
          "STOPPING=1",
        ]);
      },
    },
    {
      name: "a status cannot say more than a status",
      async run() {
        assert.deepEqual(await received([["status", "fine\nSTOPPING=1\r\n\0MAINPID=1\u0085x"]]), [
          "STATUS=fine STOPPING=1 MAINPID=1 x",
        ]);
      },
    },
    {
      name: "a long status is cut between characters",
      async run() {
        const [message = ""] = await received([["status", "ü".repeat(STATUS_BYTES_MAX)]]);
        assert.equal(message, `STATUS=${"ü".repeat(STATUS_BYTES_MAX / 2)}`);
      },
    },
  ];
}
