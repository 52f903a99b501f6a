import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMAND_TABLE } from "../../agent/cli/command-table.ts";
import { helpText } from "../../agent/cli/help.ts";
import { bashCompletion } from "../../scripts/package/completion/bash.ts";
import { zshCompletion } from "../../scripts/package/completion/zsh.ts";
import { commandPage } from "../../scripts/package/manual/command-page.ts";
import { configPage } from "../../scripts/package/manual/config-page.ts";
import { roff } from "../../scripts/package/manual/roff.ts";
import { servicePage } from "../../scripts/package/manual/service-page.ts";
import { units } from "../../scripts/package/unit/units.ts";
import { requires } from "../interop/requires.ts";
import { readUnit, wordsOf } from "./unit-file.ts";

const [VERSION, EPOCH_S] = ["1.2.3", 1_700_000_000];
const PAGES = {
  "holdfast.1": commandPage(VERSION, EPOCH_S),
  "holdfast-gateway.yaml.5": configPage(VERSION, EPOCH_S),
  "holdfast.8": servicePage(VERSION, EPOCH_S),
};
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-pages-"));
  for (const [name, text] of Object.entries(PAGES)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "completion.bash"), bashCompletion());
  writeFileSync(join(folder, "_holdfast"), zshCompletion());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("text is shown as it stands, whatever it begins with or holds", () => {
  expect(roff(".so /etc/passwd\n'x \\fB a-b µ…")).toBe(
    String.raw`\&.so /etc/passwd` + "\n" + String.raw`\&'x \efB a\-b \[u00B5]\[u2026]`,
  );
});

test("help, page and completion know every command", () => {
  for (const { words, options = [] } of COMMAND_TABLE) {
    expect(helpText()).toContain(`holdfast ${words}`);
    expect(PAGES["holdfast.1"]).toContain(`\\fB${roff(words)}\\fR`);
    expect(zshCompletion()).toContain(`'${words}')`);
    // an option that is only named leaves whoever reads the page where he was
    for (const { meaning } of options) expect(PAGES["holdfast.1"]).toContain(roff(meaning.slice(1)));
  }
});

test("the page of the service names every unit, user, group and credential that there is", () => {
  const named = Object.entries(units()).flatMap(([name, text]) => [
    ...(name.endsWith(".path") ? [] : [name]),
    ...["User", "SupplementaryGroups", "LoadCredential", "LoadCredentialEncrypted"].flatMap((key) =>
      wordsOf(readUnit(text), key),
    ),
  ]);
  expect(named).toContain("holdfast-operators");
  for (const name of named.filter((one) => one !== "dialout")) expect(PAGES["holdfast.8"]).toContain(roff(name));
});

requires("man-db")("manual pages", () => {
  test.each(Object.keys(PAGES))("%s renders without a warning, and whatis knows it", (name) => {
    const file = join(folder, name);
    const words = ["--warnings", "--encoding=UTF-8", "--local-file", "--ditroff", "-Tutf8", file];
    const env = { ...process.env, LC_ALL: "C.UTF-8", MANWIDTH: "80" };
    const { status, stdout, stderr } = spawnSync("man", words, { encoding: "utf8", env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(1_000);
    const known = spawnSync("lexgrog", [file], { encoding: "utf8" });
    expect(known.stdout).toContain(`"${name.slice(0, name.lastIndexOf("."))} - `);
  });
});

/** What bash offers once the last word is half typed. */
function completed(...words: readonly string[]): readonly string[] {
  const script = `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", script, "-", join(folder, "completion.bash"), "holdfast", ...words],
    { encoding: "utf8", cwd: folder },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}

test("bash completes commands, their second words, their options and their files", () => {
  expect(completed("conf")).toEqual(["config"]);
  expect(completed("config", "ch")).toEqual(["check"]);
  expect(completed("config", "check", "--j")).toEqual(["--json"]);
  expect(completed("config", "check", "holdfast.").toSorted()).toEqual(["holdfast.1", "holdfast.8"]);
  expect(completed("run", "--state", "holdfast.")).toEqual([]);
  expect(completed("status", "")).toEqual(expect.arrayContaining(["--points", "--watch", "--json"]));
  expect(completed("version", "")).toEqual([]);
  expect(completed("nonsense", "x")).toEqual([]);
});

/** What zsh is told to offer: its completion system is not there, so that what it would be asked is what we see. */
function asked(...words: readonly string[]): readonly string[] {
  const script = `_arguments() { print -rl -- "$CURRENT" "$@" }
_describe() { print -rl -- "\${(P@)2}" }
words=("\${@:2}"); CURRENT=$#words; . "$1" "\${@:2}"`;
  const { status, stdout, stderr } = spawnSync("zsh", ["-f", "-c", script, "-", join(folder, "_holdfast"), ...words], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trimEnd().split("\n");
}

requires("zsh")("completion for zsh", () => {
  test("commands, second words and options come with what they are for", () => {
    expect(asked("holdfast", "")).toContain("status:what the running gateway does");
    expect(asked("holdfast", "config", "")).toContain("example:a commented file to begin with");
    const [position, ...offered] = asked("holdfast", "config", "check", "");
    expect(offered).toEqual(["--json[as JSON, for programs]", "*:file:_files"]);
    // as if the second word had never been typed: _arguments counts from the command
    expect(position).toBe("2");
    expect(asked("holdfast", "run", "")).toContain("--config=[the configuration]:file:_files");
  });
  test("zsh parses it", () => {
    const { status, stderr } = spawnSync("zsh", ["-f", "-n", join(folder, "_holdfast")], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
