import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import type { Bus } from "../schema/bus.ts";
import type { Inquiry } from "./inquiry.ts";

/** A bus has devices unless it only listens; and listening is for serial lines, where others can be heard. */
export function checkListenOnly(bus: Loose<Bus>, path: Path, inquiry: Inquiry): void {
  if (bus.listenOnly === true) return checkListener(bus, path, inquiry);
  const hint =
    "add a device: `- name:` with its `unit:` and `points:`; or `listenOnly: true` on a line of somebody else";
  if (!Object.hasOwn(bus, "devices") && inquiry.whole(bus)) {
    inquiry.say("CONFIG_KEY_MISSING", path, "the key `devices` is missing", hint);
  } else if (bus.devices?.length === 0) {
    inquiry.say("CONFIG_LENGTH", [...path, "devices"], "the list has no entries, 1 to 247 are wanted", hint);
  }
}

function checkListener(bus: Loose<Bus>, path: Path, inquiry: Inquiry): void {
  if (Object.hasOwn(bus, "tcp")) {
    const message = "a socket has nobody else on it to listen to: listenOnly is for rtu and ascii";
    inquiry.say("CONFIG_LISTEN_ONLY", [...path, "listenOnly"], message, "delete the line", "key");
  }
  for (const key of ["broadcast", "turnaroundMs", "connectPauseMs", "closeAfterPolls"] as const) {
    if (bus[key] === undefined || bus[key] === false) continue;
    const message = `\`${key}\` has no effect where nothing is ever sent`;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line", "key");
  }
}
