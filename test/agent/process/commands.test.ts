import { expect, test } from "vitest";
import { SERIAL_LINES_MAX } from "../../../agent/config/snapshot.ts";
import { roomCommand } from "../../../agent/process/commands.ts";
import { ROOM_NAMES } from "../../../agent/process/layout.ts";

const layout = { stateFolder: "/state", runFolder: "/run/hf" };

test.each(ROOM_NAMES)(
  "%s runs behind a fence: it writes to its own folder and the run folder, and starts nothing",
  (room) => {
    const { args } = roomCommand(room, layout);
    expect(args).toContain("--permission");
    expect(args.filter((arg) => arg.startsWith("--allow-fs-write"))).toEqual([
      `--allow-fs-write=/state/${room}`,
      "--allow-fs-write=/run/hf",
    ]);
    const allowed = args.filter((arg) => arg.startsWith("--allow") && !arg.startsWith("--allow-fs"));
    expect(allowed).toEqual(room === "field" ? ["--allow-addons"] : []);
  },
);

test("field has a thread for every serial line's drain, and four for syncs", () => {
  expect(Number(roomCommand("field", layout).env["UV_THREADPOOL_SIZE"])).toBe(SERIAL_LINES_MAX + 4);
});
