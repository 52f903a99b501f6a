import { dirname, extname, join } from "node:path";
import { SERIAL_LINES_MAX } from "../config/snapshot.ts";
import { doorFolder, doorPath, roomFolder } from "./layout.ts";
import type { DoorName, Layout, RoomName } from "./layout.ts";

/** File syncs share libuv's thread pool with the drains of the serial lines. */
const SYNC_THREADS = 4;

/**
 * A small young generation is ample for rooms that keep little. Any other engine flag here makes the runtime throw away
 * the compiled code it brings along, 13 ms of each start: the rest is set by `collectEarly` in the process.
 */
const MEMORY_FLAGS = ["--max-semi-space-size=1"];
/**
 * The C library's allocator, by default, keeps an arena for each thread and raises its thresholds after every large
 * message until nothing is given back: a third of all memory of a gateway with 500 devices.
 */
const MEMORY_ENV = { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Where the unit tells `field` which start of the machine this is: its sandbox hides the kernel's own word. */
export const MACHINE_BOOT_ENV = "HOLDFAST_MACHINE_BOOT";

/** Where a room waits for others: it alone may write there, to make its socket. */
export const SERVED_DOORS: Readonly<Record<RoomName, readonly DoorName[]>> = {
  keeper: ["keeper-field", "keeper-uplink", "control"],
  field: ["field-uplink"],
  uplink: [],
};

/** Where `field` sets relays and LEDs of the housing. The kernel's own rights say which of them. */
const HOUSING_FILES = ["/sys/class/gpio/*", "/sys/class/leds/*"];

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** How one room is started by a supervisor: the same runtime as ours, and it leaves when we do. */
export function roomCommand(room: RoomName, layout: Layout): Command {
  const here = import.meta.filename;
  const entry = fromSource(here) ? join(dirname(here), `${room}.ts`) : join(dirname(here), `${room}.js`);
  return {
    command: process.execPath,
    args: [...roomArguments(room, layout, entry), `--supervised=${process.pid}`],
    env: { ...process.env, ...roomEnvironment(room) },
  };
}

/**
 * What the runtime is given to be one room, fenced by Node's permission model to its own folders. The units of the
 * package are made from it too.
 */
export function roomArguments(room: RoomName, layout: Layout, entry: string): readonly string[] {
  return [
    ...MEMORY_FLAGS,
    "--permission",
    "--allow-fs-read=*",
    `--allow-fs-write=${roomFolder(layout, room)}`,
    ...SERVED_DOORS[room].map((door) => `--allow-fs-write=${doorFolder(layout, door)}`),
    ...(room === "field" ? HOUSING_FILES.map((files) => `--allow-fs-write=${files}`) : []),
    // the serial binding is an add-on; Node's warning at every start would tell nobody anything new
    ...(room === "field" ? ["--allow-addons", "--disable-warning=PERM0001"] : []),
    entry,
    `--state=${layout.stateFolder}`,
    `--run=${layout.runFolder}`,
  ];
}

export function roomEnvironment(room: RoomName): Readonly<Record<string, string>> {
  return {
    ...MEMORY_ENV,
    UV_THREADPOOL_SIZE: String(room === "field" ? SERIAL_LINES_MAX + SYNC_THREADS : SYNC_THREADS),
  };
}

/** What `holdfast` is given to offer the file to a gateway that may only just be starting. */
export function applyWords(configPath: string, layout: Layout): readonly string[] {
  return ["config", "apply", configPath, `--control=${doorPath(layout, "control")}`, "--starting"];
}

/** The command that compiles the file, offers it to `keeper`, and writes to `watchedPath` which files it read. */
export function applyCommand(configPath: string, layout: Layout): Command {
  return holdfastCommand(...applyWords(configPath, layout), `--watched=${watchedPath(layout)}`);
}

/** Where the supervisor learns which files the configuration consists of: a list of absolute paths, as JSON. */
export function watchedPath(layout: Layout): string {
  return join(layout.runFolder, "configuration-files.json");
}

/** The command that says what this installation cannot do, and nothing where it can do everything. */
export function selfTestCommand(): Command {
  return holdfastCommand("self-test", "--quiet");
}

function holdfastCommand(...words: readonly string[]): Command {
  const here = import.meta.filename;
  const entry = fromSource(here) ? join(dirname(here), "..", "main.ts") : join(dirname(here), "holdfast.js");
  return { command: process.execPath, args: [entry, ...words], env: process.env };
}

const fromSource = (file: string): boolean => extname(file) === ".ts";
