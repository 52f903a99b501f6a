import { writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configApplyCommand } from "../../../agent/cli/config-apply.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/index.ts";
import type { ControlReply } from "../../../agent/contract/rooms.ts";
import { EXIT_NOTHING_TO_RUN } from "../../../agent/process/exit-codes.ts";
import { EXIT_NOT_ASKED } from "../../../agent/process/exit-codes.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";
import { printed, standInKeeper } from "./stand-in-keeper.ts";

const done = ({ id }: { readonly id: number }): ControlReply => ({ kind: "done", id });
const refused =
  (code: string) =>
  ({ id }: { readonly id: number }): ControlReply => ({
    kind: "done",
    id,
    refused: { code, message: "why" },
  });

test("a right file reaches keeper as its snapshot, and a refusal of it is said", async () => {
  await using file = await fileOf(EXAMPLE_GATEWAY_YAML);
  await using keeper = await standInKeeper(done);
  expect(await configApplyCommand([file.path], keeper.parts, printed().io)).toBe(0);
  expect(keeper.heard).toMatchObject([{ kind: "apply-config", snapshot: { field: { site: "riverside" } } }]);
  await using full = await standInKeeper(refused("CONFIG_NOT_STORED"));
  const { io, said } = printed();
  expect(await configApplyCommand([file.path], full.parts, io)).toBe(1);
  expect(said.err).toBe("holdfast: CONFIG_NOT_STORED: why\n");
});

test("a broken file reaches keeper as what is wrong with it, and is shown with its place", async () => {
  await using file = await fileOf("site: yard\nbusses: []\n");
  await using keeper = await standInKeeper(done);
  const { io, said } = printed();
  expect(await configApplyCommand([file.path], keeper.parts, io)).toBe(1);
  expect(keeper.heard).toMatchObject([{ kind: "report-config", report: { file: file.path } }]);
  expect(said.err).toContain(`${file.path}:2:1  CONFIG_KEY_UNKNOWN`);
  expect(said.err).toContain("the running configuration stays");
});

test("a file that cannot be read is reported as one that is broken", async () => {
  await using keeper = await standInKeeper(done);
  expect(await configApplyCommand(["/nowhere/gateway.yaml"], keeper.parts, printed().io)).toBe(1);
  expect(keeper.heard).toMatchObject([{ report: { findings: [{ code: "CONFIG_FILE_UNREADABLE" }] } }]);
});

test("only a start ends where there is nothing to run", async () => {
  await using file = await fileOf("site: [\n");
  await using keeper = await standInKeeper(refused("CONFIG_NONE_RUNNING"));
  expect(await configApplyCommand([file.path], keeper.parts, printed().io)).toBe(1);
  expect(await configApplyCommand([file.path, "--starting"], keeper.parts, printed().io)).toBe(EXIT_NOTHING_TO_RUN);
});

test("without a gateway the findings are shown all the same, and at a start keeper is waited for", async () => {
  await using file = await fileOf("site: [\n");
  const keeper = await standInKeeper(done);
  await keeper[Symbol.asyncDispose]();
  const { io, said } = printed();
  expect(await configApplyCommand([file.path], keeper.parts, io)).toBe(1);
  expect(said.err).toContain("CONFIG_YAML_SYNTAX");
  expect(said.err).toContain("CONTROL_UNREACHABLE");
  let ended = false;
  const starting = configApplyCommand([file.path, "--starting"], keeper.parts, printed().io).finally(
    () => (ended = true),
  );
  await keeper.clock.advance(9_000);
  expect(ended).toBe(false);
  await keeper.clock.advance(2_000);
  expect(await starting).toBe(EXIT_NOT_ASKED); // the supervisor tries again
});

test.each([
  ["--starting", ["riverside", "hillside"]],
  ["", ["riverside"]],
])("a file that changes while it is applied is applied again by whoever watches it: %j", async (option, sites) => {
  await using file = await fileOf(EXAMPLE_GATEWAY_YAML);
  await using keeper = await standInKeeper((request) => {
    // an editor saves just as the first reading of the file is on its way
    writeFileSync(file.path, EXAMPLE_GATEWAY_YAML.replace("site: riverside", "site: hillside"));
    return done(request);
  });
  const args = [file.path, option].filter((word) => word !== "");
  expect(await configApplyCommand(args, keeper.parts, printed().io)).toBe(0);
  const applied = keeper.heard.map((request) => (request.kind === "apply-config" ? request.snapshot : undefined));
  expect(applied).toMatchObject(sites.map((site) => ({ field: { site } })));
});

test("a further file that changes while it is applied is seen, too, and the supervisor is told of every file", async () => {
  await using file = await fileOf("extends: station.yaml\nvariables: { site: riverside }\n");
  const station = join(file.path, "..", "station.yaml");
  const text = `variables: { site: {} }\n${EXAMPLE_GATEWAY_YAML.replace("site: riverside", "site: ${site}")}`;
  await writeFile(station, text);
  await using keeper = await standInKeeper((request) => {
    writeFileSync(station, text.replace("device: gateway-1", "device: gateway-2"));
    return done(request);
  });
  const watched = join(file.path, "..", "watched.json");
  expect(await configApplyCommand([file.path, "--starting", `--watched=${watched}`], keeper.parts, printed().io)).toBe(
    0,
  );
  const devices = keeper.heard.map((request) => (request.kind === "apply-config" ? request.snapshot : undefined));
  expect(devices).toMatchObject(["gateway-1", "gateway-2"].map((device) => ({ field: { device } })));
  expect(JSON.parse(await readFile(watched, "utf8"))).toEqual([file.path, station]);
});

test("a mistake in a further file is shown with the line it stands in", async () => {
  await using file = await fileOf("extends: station.yaml\n");
  await writeFile(
    join(file.path, "..", "station.yaml"),
    EXAMPLE_GATEWAY_YAML.replace("site: riverside", "site: river/side"),
  );
  await using keeper = await standInKeeper(done);
  const { io, said } = printed();
  expect(await configApplyCommand([file.path], keeper.parts, io)).toBe(1);
  expect(said.err).toMatch(/station\.yaml:\d+:7 {2}CONFIG_TOPIC_NAME {2}site\n +\d+ \| site: river\/side/u);
});

async function fileOf(text: string) {
  const folder = await tempFolder();
  const path = join(folder.path, "gateway.yaml");
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
