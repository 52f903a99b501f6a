import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configCommand } from "../../../agent/cli/config.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/index.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";

async function holdfastConfig(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  let out = "";
  let err = "";
  const exit = await configCommand(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isTty: false,
    columns: 80,
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(new Error(`no such file: ${path}`)) : Promise.resolve(text);
    },
  });
  return { exit, out, err };
}

const files = {
  "gateway.yaml": EXAMPLE_GATEWAY_YAML,
  "broken.yaml": EXAMPLE_GATEWAY_YAML.replace("unit: 2", "unit: 1"),
};

test("check of a right file exits 0 and says what is in it", async () => {
  const { exit, out, err } = await holdfastConfig(["check", "gateway.yaml"], files);
  expect([exit, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^gateway\.yaml: right\. riverside\/gateway-1, 2 buses, 3 devices, 9 points, digest [0-9a-f]{12}\n$/u,
  );
});

test("check of a broken file exits 1 and prints every finding on the error channel", async () => {
  const { exit, out, err } = await holdfastConfig(["check", "broken.yaml"], files);
  expect([exit, out]).toEqual([1, ""]);
  expect(err).toContain("broken.yaml:108:15  CONFIG_UNIT_DUPLICATE");
});

test("check --json prints one object, right or wrong", async () => {
  const right = await holdfastConfig(["check", "gateway.yaml", "--json"], files);
  expect(right.exit).toBe(0);
  expect(JSON.parse(right.out)).toMatchObject({ ok: true, file: "gateway.yaml", findings: [], points: 9 });
  const wrong = await holdfastConfig(["check", "--json", "broken.yaml"], files);
  expect([wrong.exit, wrong.err]).toEqual([1, ""]);
  expect(JSON.parse(wrong.out)).toMatchObject({
    ok: false,
    file: "broken.yaml",
    findings: [{ code: "CONFIG_UNIT_DUPLICATE", path: "buses[1].devices[1].unit" }],
  });
});

test("compile prints the snapshot on one line", async () => {
  const { exit, out } = await holdfastConfig(["compile", "gateway.yaml"], files);
  expect(exit).toBe(0);
  expect(out.trimEnd()).not.toContain("\n");
  expect(JSON.parse(out)).toMatchObject({ field: { site: "riverside" }, uplink: { device: "gateway-1" } });
});

test("schema, example and reference print themselves", async () => {
  expect(JSON.parse((await holdfastConfig(["schema"])).out)).toHaveProperty("$schema");
  expect((await holdfastConfig(["example"])).out).toBe(EXAMPLE_GATEWAY_YAML);
  expect((await holdfastConfig(["reference"])).out).toMatch(/^# Configuration reference\n/u);
});

test("a file that cannot be read is refused with a code", async () => {
  const { exit, err } = await holdfastConfig(["check", "missing.yaml"]);
  expect([exit, err]).toEqual([1, "holdfast: CONFIG_FILE_UNREADABLE: no such file: missing.yaml\n"]);
});

test.each([[], ["bogus"], ["check"], ["check", "a", "b"], ["check", "--bogus", "a"], ["schema", "x"]])(
  "used wrongly (%j) it exits 2 and says how it is used",
  async (...args) => {
    const { exit, out, err } = await holdfastConfig(
      args.filter((arg) => typeof arg === "string"),
      files,
    );
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toMatch(/See 'holdfast help'/u);
  },
);

test("check names the further files that it read, and expand writes them out as one", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "gateway.yaml");
  await writeFile(join(folder.path, "station.yaml"), EXAMPLE_GATEWAY_YAML);
  const unit = { [path]: "extends: station.yaml\nsite: hillside\n" };
  const { exit, out } = await holdfastConfig(["check", path], unit);
  expect([exit, out]).toEqual([
    0,
    expect.stringMatching(/right\. hillside\/gateway-1, .*\n {2}with .*\/station\.yaml\n$/u),
  ]);
  const json = await holdfastConfig(["check", "--json", path], unit);
  expect(JSON.parse(json.out)).toMatchObject({ ok: true, files: [path, join(folder.path, "station.yaml")] });
  const expanded = await holdfastConfig(["expand", path], unit);
  expect(parse(expanded.out)).toMatchObject({ site: "hillside", device: "gateway-1" });
});

test("import telegraf prints a file, says beside it what was left out, and refuses what it cannot read", async () => {
  const toml =
    '[[inputs.modbus]]\nname = "m"\nslave_id = 1\ncontroller = "tcp://m:502"\nwarp = 9\ncoils = [{ name = "c", address = [0] }]\n';
  const given = { "t.conf": toml, "broken.conf": "[[" };
  const { exit, out, err } = await holdfastConfig(["import", "telegraf", "t.conf", "--site", "yard"], given);
  expect(exit).toBe(0);
  expect(parse(out)).toMatchObject({ site: "yard", buses: [{ devices: [{ name: "m", points: [{ name: "c" }] }] }] });
  expect(err).toMatch(/not known:\n {2}inputs\.modbus 1: warp = 9: .*\nt\.conf: 1 devices, 1 points\n$/u);
  const refused = await holdfastConfig(["import", "telegraf", "broken.conf"], given);
  expect([refused.exit, refused.out]).toEqual([1, ""]);
  expect(refused.err).toMatch(/^holdfast: IMPORT_TOML: broken\.conf:1:/u);
  expect((await holdfastConfig(["import", "nodered", "t.conf"], given)).exit).toBe(2);
});
