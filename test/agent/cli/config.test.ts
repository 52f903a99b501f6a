import { expect, test } from "vitest";
import { configCommand } from "../../../agent/cli/config.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/index.ts";

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
  expect(err).toContain("broken.yaml:107:15  CONFIG_UNIT_DUPLICATE");
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
