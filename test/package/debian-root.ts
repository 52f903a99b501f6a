import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../interop/peers/child.ts";
import { tempFolder } from "../interop/peers/temp-folder.ts";

const SOURCES = "/etc/apt";
/** What this machine tells apt about its mirror, besides the mirror's name. */
const MIRROR_SETTING = /^Acquire::(?:Check-|https?::)/;

type Ran = Awaited<ReturnType<typeof runChild>>;

/** A clean Debian below a folder, with /proc, and root in it. */
export interface DebianRoot extends AsyncDisposable {
  readonly path: string;
  /** The text of a file in it. */
  read(path: string): string;
  /** Runs a program in it. */
  run(...words: readonly [string, ...string[]]): Promise<Ran>;
  /** The same; rejects with what it said unless it ends with 0. @returns standard output */
  must(...words: readonly [string, ...string[]]): Promise<string>;
  /** Takes /proc away: from now on it is a machine's disk, to be booted. */
  leave(): Promise<void>;
}

/** The smallest Debian of this machine's release that has systemd, from this machine's own mirror. */
export async function openDebianRoot(): Promise<DebianRoot> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await tempFolder()).path;
  const path = join(folder, "root");
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const settings = (await runChild("apt-config", ["dump"])).output
    .split("\n")
    .filter((line) => MIRROR_SETTING.test(line));
  const made = await runChild("mmdebstrap", [
    "--mode=root",
    "--variant=minbase",
    "--include=systemd",
    "--quiet",
    ...settings.map((line) => `--aptopt=${line}`),
    release,
    path,
    ...sourcesOf(release),
  ]);
  if (made.code !== 0) throw new Error(`mmdebstrap: ${made.errors}`);
  const run = (...words: readonly string[]): Promise<Ran> => runChild("chroot", [path, ...words]);
  const proc = join(path, "proc");
  let mounted = false;
  const mount = async (program: "mount" | "umount", ...words: readonly string[]): Promise<void> => {
    const { code, errors } = await runChild(program, [...words, proc]);
    if (code !== 0) throw new Error(`${program}: ${errors}`);
    mounted = program === "mount";
  };
  const leave = async (): Promise<void> => {
    if (mounted) await mount("umount");
  };
  await mount("mount", "-t", "proc", "proc");
  opening.defer(leave);
  const held = opening.move();
  return {
    path,
    read: (file) => readFileSync(join(path, file), "utf8"),
    run,
    leave,
    async must(...words) {
      const { code, output, errors } = await run(...words);
      if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${output}${errors}`);
      return output;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The files in which this machine names a mirror for its own release. */
function sourcesOf(release: string): readonly string[] {
  const more = join(SOURCES, "sources.list.d");
  const parts = existsSync(more) ? readdirSync(more).map((name) => join(more, name)) : [];
  return [join(SOURCES, "sources.list"), ...parts]
    .filter((file) => /\.(?:list|sources)$/.test(file) && existsSync(file))
    .filter((file) => new RegExp(`\\b${release}\\b`).test(readFileSync(file, "utf8")));
}
