import { expect, test } from "vitest";
import { SERIAL_LINES_MAX } from "../../../agent/config/snapshot.ts";
import { roomCommand } from "../../../agent/process/commands.ts";
import { ROOM_NAMES } from "../../../agent/process/layout.ts";
import type { RoomName } from "../../../agent/process/layout.ts";

const layout = { stateFolder: "/state", runFolder: "/run/hf" };

const HOUSING = ["/sys/class/gpio/*", "/sys/class/leds/*"];
const DOORS: Readonly<Record<RoomName, readonly string[]>> = {
  keeper: ["/run/hf/keeper-field", "/run/hf/keeper-uplink", "/run/hf/control"],
  field: ["/run/hf/field-uplink"],
  uplink: [],
};

test.each(ROOM_NAMES)(
  "%s runs behind a fence: it writes to its own folder, where it waits for others and, field alone, to lines of the housing; it starts nothing",
  (room) => {
    const { args } = roomCommand(room, layout);
    expect(args).toContain("--permission");
    const writable = [`/state/${room}`, ...DOORS[room], ...(room === "field" ? HOUSING : [])];
    expect(args.filter((arg) => arg.startsWith("--allow-fs-write"))).toEqual(
      writable.map((folder) => `--allow-fs-write=${folder}`),
    );
    const allowed = args.filter((arg) => arg.startsWith("--allow") && !arg.startsWith("--allow-fs"));
    expect(allowed).toEqual(room === "field" ? ["--allow-addons"] : []);
  },
);

test("field has a thread for every serial line's drain, and four for syncs", () => {
  expect(Number(roomCommand("field", layout).env["UV_THREADPOOL_SIZE"])).toBe(SERIAL_LINES_MAX + 4);
});
