import { join } from "node:path";
import type { RoomName } from "../../agent/process/layout.ts";
import { startChild } from "../interop/peers/child.ts";
import type { Child } from "../interop/peers/child.ts";
import type { DebianRoot } from "./debian-root.ts";
import { openNotifySocket } from "./notify-socket.ts";
import type { NotifySocket } from "./notify-socket.ts";
import { readUnit, wordsOf } from "./unit-file.ts";

/** Short, so that several signs of life come while a test looks. */
const WATCHDOG_USEC = 300_000;

export interface RoomProcess extends AsyncDisposable {
  readonly child: Child;
  readonly manager: NotifySocket;
}

const unitOf = (root: DebianRoot, room: RoomName) => readUnit(root.read(`lib/systemd/system/holdfast-${room}.service`));

/** What makes a process of the unit's user, with the unit's groups and nothing else that root has. */
export function asUser(root: DebianRoot, room: RoomName): readonly [string, ...string[]] {
  const unit = unitOf(root, room);
  const [user = "nobody"] = wordsOf(unit, "User");
  const groups = wordsOf(unit, "SupplementaryGroups").join(",");
  const others = groups === "" ? "--clear-groups" : `--groups=${groups}`;
  const identity = [`--reuid=${user}`, `--regid=${wordsOf(unit, "Group")[0] ?? ""}`, others];
  return ["setpriv", ...identity, "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
}

/** The unit's own command line and environment, as its user, with a service manager that listens. */
export async function startRoom(root: DebianRoot, room: RoomName): Promise<RoomProcess> {
  const unit = unitOf(root, room);
  const address = `/run/notify-${room}`;
  await using opening = new AsyncDisposableStack();
  const manager = opening.use(await openNotifySocket(join(root.path, address)));
  opening.defer(() => root.must("rm", address).then(() => {}));
  const environment = [
    ...(unit.get("Environment") ?? []),
    `NOTIFY_SOCKET=${address}`,
    `WATCHDOG_USEC=${WATCHDOG_USEC}`,
  ];
  const words = [...asUser(root, room), "env", "--ignore-environment", ...environment, ...wordsOf(unit, "ExecStart")];
  const child = opening.use(startChild("chroot", [root.path, ...words]));
  await manager.until("READY=1");
  const held = opening.move();
  return { child, manager, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
