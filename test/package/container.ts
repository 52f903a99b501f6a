import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startChild } from "../interop/peers/child.ts";
import type { DebianRoot } from "./debian-root.ts";

const UNIT = `[Unit]
Description=what the test does
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh /scene/scene.sh
ExecStopPost=/bin/systemctl --no-block poweroff
`;
const UNITS = "etc/systemd/system";

/** The folder that the script finds as /scene. */
export const SCENE_FOLDER = "scene";

/**
 * Boots the Debian with its own systemd, on this machine's kernel and network, lets it play `scene.sh`, and is back once
 * it has powered off.
 * @returns what the script found
 */
export async function playScene(root: DebianRoot): Promise<Readonly<Record<string, string>>> {
  const scene = join(root.path, SCENE_FOLDER);
  mkdirSync(scene, { recursive: true });
  for (const name of ["scene.sh", "intruder.process.ts"])
    copyFileSync(join(import.meta.dirname, name), join(scene, name));
  writeFileSync(join(scene, "package.json"), '{ "type": "module" }');
  writeFileSync(join(root.path, UNITS, "scene.service"), UNIT);
  mkdirSync(join(root.path, UNITS, "multi-user.target.wants"), { recursive: true });
  symlinkSync("/etc/systemd/system/scene.service", join(root.path, UNITS, "multi-user.target.wants/scene.service"));
  await root.leave();
  const settings = ["--register=no", "--keep-unit", "--quiet", "--console=pipe", "--boot", `--directory=${root.path}`];
  await using machine = startChild("systemd-nspawn", settings);
  const ended = await machine.ended;
  const results = join(scene, "results");
  const found = existsSync(results) ? readFileSync(results, "utf8") : "";
  if (!found.endsWith("end=yes\n")) {
    const errors = existsSync(join(scene, "errors")) ? readFileSync(join(scene, "errors"), "utf8") : "";
    const console = [...machine.output, ...machine.errors].slice(-20).join("\n");
    throw new Error(`the scene did not come to its end (${ended}):\n${found}\n${errors}\n${console}`);
  }
  return Object.fromEntries(
    found
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).trim()]),
  );
}
