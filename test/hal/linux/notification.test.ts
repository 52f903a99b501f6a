import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linuxNotification } from "../../../hal/linux/notification.ts";
import { requires } from "../../interop/requires.ts";
import { openNotifySocket } from "../../package/notify-socket.ts";
import { keepsContract } from "../contract.ts";
import { useFolder } from "../folder.ts";
import { notificationContract } from "../notification.contract.ts";
import type { NotificationCall } from "../notification.contract.ts";

const NOTIFY_EXEC = join(import.meta.dirname, "..", "..", "..", "hal", "linux", "notify-exec");
const PLAYER = join(import.meta.dirname, "notify.process.ts");
/** far above net.unix.max_dgram_qlen */
const QUEUED_MAX = 2_000;
/** as the units have it: no write anywhere */
const FENCE = ["--permission", "--allow-fs-read=*"];

interface Played {
  readonly pid: number;
  readonly watchdogMs: number | null;
}

function play(address: string | undefined, calls: readonly NotificationCall[], env: NodeJS.ProcessEnv = {}): Played {
  const { status, stdout, stderr } = spawnSync(
    NOTIFY_EXEC,
    [process.execPath, ...FENCE, PLAYER, JSON.stringify(calls)],
    {
      env: { PATH: process.env["PATH"], ...(address === undefined ? {} : { NOTIFY_SOCKET: address }), ...env },
      encoding: "utf8",
      timeout: 15_000,
    },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Played;
}

/** Plays them, and stays until the last has arrived. */
async function received(address: string, calls: readonly NotificationCall[]): Promise<readonly string[]> {
  await using socket = await openNotifySocket(address);
  const { pid } = play(address, [...calls, ["status", "end of test"]]);
  await socket.until("STATUS=end of test");
  // the manager believes the main process alone
  expect(new Set(socket.received.map((one) => one.pid))).toEqual(new Set([pid]));
  return socket.received.slice(0, -1).map(({ message }) => message);
}

requires("python3")("notification to a service manager", () => {
  keepsContract(
    "linuxNotification behind notify-exec, on a path",
    notificationContract((calls) => useFolder((folder) => received(join(folder, "notify"), calls))),
  );
  keepsContract(
    "linuxNotification behind notify-exec, on an abstract name",
    notificationContract((calls) => received(`@holdfast-test-${randomUUID()}`, calls)),
  );

  test("the watchdog's period is taken where it is meant for this process", async () => {
    const address = `@holdfast-test-${randomUUID()}`;
    await using _socket = await openNotifySocket(address);
    expect(play(address, [], { WATCHDOG_USEC: "30000000" }).watchdogMs).toBe(30_000);
    expect(play(address, [], { WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" }).watchdogMs).toBeNull();
    expect(play(address, [], { WATCHDOG_USEC: "never" }).watchdogMs).toBeNull();
    expect(play(address, []).watchdogMs).toBeNull();
  });

  test("a manager that went away while we ran is no error", async () => {
    const address = `@holdfast-test-${randomUUID()}`;
    const gone = await openNotifySocket(address);
    await gone[Symbol.asyncDispose]();
    play(address, [["ready"], ["alive"]], { WATCHDOG_USEC: "30000000" });
  });

  test("a manager that reads nothing holds nobody up", async () => {
    const address = `@holdfast-test-${randomUUID()}`;
    await using socket = await openNotifySocket(address);
    socket.stall();
    // more than any kernel queues
    play(
      address,
      Array.from({ length: QUEUED_MAX }, () => ["alive"] as const),
    );
  });
});

test("without a service manager the program runs all the same, and says nothing to anybody", () => {
  expect(play(undefined, [["ready"], ["alive"]], { WATCHDOG_USEC: "30000000" }).watchdogMs).toBeNull();
});

test("a program that cannot be started is told with a reason and 127", () => {
  const { status, stderr } = spawnSync(NOTIFY_EXEC, ["/nonexistent/program"], { encoding: "utf8" });
  expect(status).toBe(127);
  expect(stderr).toBe("notify-exec: /nonexistent/program: No such file or directory\n");
});

test.each(["1", "2", "3x", "-1", "99999", "9999", ""])(
  "a descriptor %j that is no inherited socket is left alone",
  (text) => {
    const notification = linuxNotification({ HOLDFAST_NOTIFY_FD: text, WATCHDOG_USEC: "1000000" });
    expect(notification.watchdogMs).toBeUndefined();
    notification.ready();
  },
);
