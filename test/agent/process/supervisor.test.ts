import { chown, mkdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { doorFolder, doorPath, roomFolder } from "../../../agent/process/layout.ts";
import { holdAlone } from "../../../agent/process/hold-alone.ts";
import type { Layout } from "../../../agent/process/layout.ts";
import { supervise } from "../../../agent/process/supervisor.ts";
import { runChild, startChild } from "../../interop/peers/child.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";

const AGENT = join(import.meta.dirname, "..", "..", "..", "agent");
const TEST_MS = 30_000;
/** Less than a command line waits for an answer of `keeper`. */
const LEAVE_MS = 4_000;
/** A user that is not ours, in every Linux. */
const NOBODY = 65_534;
/** Beyond what Linux gives to any process. */
const NO_PROCESS = 2 ** 22 + 1;

test("asked to leave, it does not wait for a command that waits for keeper", { timeout: TEST_MS }, async () => {
  await using world = await withControlSocket(() => {});
  await world.connected(1);
  const begunMs = performance.now();
  expect(await world.run.stop("SIGTERM")).toBe(0);
  expect(performance.now() - begunMs).toBeLessThan(LEAVE_MS);
});

test("SIGHUP offers the file again, though nothing in it has changed", { timeout: TEST_MS }, async () => {
  await using world = await withControlSocket((socket) => socket.destroy());
  await world.connected(1);
  await world.run.line(/CONTROL_NO_REPLY/);
  process.kill(world.run.pid, "SIGHUP");
  await world.connected(2);
});

test("an installation without its serial binding says so when it starts", { timeout: TEST_MS }, async () => {
  await using world = await withControlSocket(() => {}, { NODE_OPTIONS: "--no-addons" });
  expect(await world.run.line(/^FAILED /)).toMatch(/^FAILED {2}serial: HAL_/);
});

test.each(["--state", "--run"])(
  "a folder that cannot be made is refused with the option that names another: %s",
  async (option) => {
    await using folder = await tempFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    const places = { "--state": folder.path, "--run": folder.path, [option]: join(file, "below") };
    const args = ["run", "--config", file, ...Object.entries(places).flat()];
    const { code, errors } = await runChild(process.execPath, [join(AGENT, "main.ts"), ...args]);
    expect(code).toBe(1);
    expect(errors).toContain(`RUN_FOLDER_REFUSED: cannot make ${join(file, "below")}`);
    expect(errors).toContain(`with ${option}`);
    expect(errors.trim().split("\n")).toHaveLength(1);
  },
);

test.runIf(process.getuid?.() === 0)(
  "the doors of an installed gateway are refused, though root could take them",
  async () => {
    await using folder = await tempFolder();
    const layout = layoutIn(folder.path);
    const door = doorFolder(layout, "control");
    await mkdir(door, { recursive: true, mode: 0o710 });
    await chown(door, NOBODY, NOBODY);
    const options = { layout, configPath: join(folder.path, "none.yaml"), say: () => {} };
    await expect(supervise(options, AbortSignal.abort())).rejects.toMatchObject({ code: "RUN_FOLDER_REFUSED" });
    expect((await stat(door)).mode & 0o777).toBe(0o710);
  },
);

test("asked to leave twice, it still sees everybody out", { timeout: TEST_MS }, async () => {
  await using world = await withControlSocket(() => {});
  await world.connected(1);
  process.kill(world.run.pid, "SIGINT");
  await world.run.line(/"process.leaving"/);
  process.kill(world.run.pid, "SIGINT");
  expect(await world.run.ended).toBe(0);
});

test("asked to leave before it has begun, it begins nothing", async () => {
  await using folder = await tempFolder();
  const said: string[] = [];
  const options = {
    layout: layoutIn(folder.path),
    configPath: join(folder.path, "none.yaml"),
    say: said.push.bind(said),
  };
  expect(await supervise(options, AbortSignal.abort())).toBe(0);
  expect(said).toEqual([]);
});

test("a second gateway in the same folders is refused and the first goes on", { timeout: TEST_MS }, async () => {
  await using world = await withControlSocket(() => {});
  await world.connected(1);
  const { code, errors } = await runChild(process.execPath, world.args);
  expect(code).toBe(1);
  expect(errors).toContain("RUN_ALREADY_RUNNING: a gateway runs in");
  expect(errors.trim().split("\n")).toHaveLength(1);
  expect(await world.run.stop("SIGTERM")).toBe(0);
});

test("a folder whose gateway was killed is free again", async () => {
  await using folder = await tempFolder();
  const layout = layoutIn(folder.path);
  await mkdir(layout.runFolder, { recursive: true });
  // what a killed process leaves: a socket nobody listens at
  const script = `require("node:net").createServer().listen(${JSON.stringify(join(layout.runFolder, "supervisor"))}, () => process.kill(process.pid, "SIGKILL"))`;
  await runChild(process.execPath, ["-e", script]);
  await using _first = await holdAlone(layout);
  await expect(holdAlone(layout)).rejects.toMatchObject({ code: "RUN_ALREADY_RUNNING" });
});

test("a room that starts after its supervisor was killed leaves by itself", { timeout: TEST_MS }, async () => {
  await using folder = await tempFolder();
  const layout = layoutIn(folder.path);
  await mkdir(roomFolder(layout, "uplink"), { recursive: true });
  const places = [`--state=${layout.stateFolder}`, `--run=${layout.runFolder}`];
  const entry = join(AGENT, "process", "uplink.ts");
  await using room = startChild(process.execPath, [entry, ...places, `--supervised=${NO_PROCESS}`]);
  await vi.waitFor(() => expect(room.errors.join("\n")).toContain("supervisor gone"), { timeout: TEST_MS / 2 });
  expect(await room.ended).toBe(0);
});

/** `holdfast run` beside somebody who holds the control socket: whatever it offers to keeper is heard here. */
async function withControlSocket(accept: (socket: Socket) => void, env: NodeJS.ProcessEnv = {}) {
  await using opening = new AsyncDisposableStack();
  const { path } = opening.use(await tempFolder());
  const layout = layoutIn(path);
  await mkdir(doorFolder(layout, "control"), { recursive: true, mode: 0o700 });
  let connections = 0;
  const server = createServer((socket) => {
    // whoever only looks whether the socket is taken says nothing
    socket.once("data", () => {
      connections += 1;
      accept(socket);
    });
    socket.on("error", () => {});
  });
  server.listen(doorPath(layout, "control"));
  opening.defer(() => void server.close());
  const configPath = join(path, "gateway.yaml");
  await writeFile(configPath, "site: yard\n");
  const places = ["--state", layout.stateFolder, "--run", layout.runFolder];
  const args = [join(AGENT, "main.ts"), "run", "--config", configPath, ...places];
  const run = opening.use(startChild(process.execPath, args, { env: { ...process.env, ...env } }));
  const opened = opening.move();
  return {
    run,
    args,
    connected: (count: number) =>
      vi.waitFor(() => expect(connections).toBeGreaterThanOrEqual(count), { timeout: TEST_MS / 2 }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function layoutIn(folder: string): Layout {
  return { stateFolder: join(folder, "state"), runFolder: join(folder, "run") };
}
