import { expect, test } from "vitest";
import { configCommand } from "../../../agent/cli/config.ts";
import { EXAMPLE_GATEWAY_YAML, compileConfig } from "../../../agent/config/index.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { covers } from "../../../simulator/broker/access.ts";

async function acl(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  let out = "";
  let err = "";
  const readable: Readonly<Record<string, string>> = { "gateway.yaml": EXAMPLE_GATEWAY_YAML, ...files };
  const exit = await configCommand(["acl", ...args], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isTty: false,
    columns: 80,
    readFile: (path) =>
      readable[path] === undefined
        ? Promise.reject(new Error(`no such file: ${path}`))
        : Promise.resolve(readable[path]),
  });
  return { exit, out, err };
}

function certificatePath(): string {
  const compiled = compileConfig(EXAMPLE_GATEWAY_YAML, "gateway.yaml");
  if ("report" in compiled) throw new TypeError("the example compiles");
  return compiled.snapshot.uplink.brokers[0].certificatePath;
}

test("a gateway may speak for itself and hear what is said to it, and nothing else", async () => {
  const { exit, out, err } = await acl(["--broker", "mosquitto", "--identity", "gw 1", "gateway.yaml"]);
  expect([exit, err]).toEqual([0, ""]);
  expect(out.split("\n")[0]).toBe("user gw 1");
  const may = (access: string): string[] =>
    [...out.matchAll(new RegExp(`^topic ${access} (.+)$`, "gm"))].map(([, topic]) => topic ?? "");
  expect([...may("write"), ...may("readwrite")].every((topic) => topic.includes("/gateway-1"))).toBe(true);
  const reads = [...may("read"), ...may("readwrite")];
  expect(reads).toContain("spBv1.0/riverside/DCMD/gateway-1/+");
  for (const other of ["spBv1.0/riverside/NCMD/gateway-2", "spBv1.0/riverside/DDATA/gateway-1/pump", "$SYS/broker"]) {
    expect(reads.some((filter) => covers(filter, other))).toBe(false);
  }
});

test("without --identity the user is the common name in the gateway's certificate", async () => {
  const { certificate } = demoPki().gateway("gw-7.riverside");
  const { exit, out } = await acl(["--broker", "mosquitto", "gateway.yaml"], { [certificatePath()]: certificate });
  expect(exit).toBe(0);
  expect(out.split("\n")[0]).toBe("user gw-7.riverside");
});

test("a certificate that is not there, or that names a wildcard, is no identity", async () => {
  const missing = await acl(["--broker", "emqx", "gateway.yaml"]);
  expect([missing.exit, missing.out]).toEqual([1, ""]);
  expect(missing.err).toContain("ACL_IDENTITY_UNKNOWN");
  expect(missing.err).toContain("--identity");
  const { certificate } = demoPki().gateway("+");
  const wild = await acl(["--broker", "emqx", "gateway.yaml"], { [certificatePath()]: certificate });
  expect([wild.exit, wild.out]).toEqual([1, ""]);
});

test("a host hears this gateway, says that it is there, and commands; it cannot speak for the gateway", async () => {
  const { exit, out } = await acl(["--broker", "mosquitto", "--host", "scada", "gateway.yaml"]);
  expect(exit).toBe(0);
  expect(out.split("\n")[0]).toBe("user scada");
  const writes = [...out.matchAll(/^topic (?:read)?write (.+)$/gm)].map(([, topic]) => topic);
  expect(writes).toEqual([
    "spBv1.0/riverside/NCMD/gateway-1",
    "spBv1.0/riverside/DCMD/gateway-1/+",
    "spBv1.0/STATE/scada",
  ]);
});

test("the same rules for EMQX are one term each, and a quote in a name stays inside its string", async () => {
  const { out } = await acl(["--broker", "emqx", "--identity", 'a"b\\c', "gateway.yaml"]);
  const heads = out.split("\n").filter((line) => line.startsWith("{"));
  expect(heads).toEqual([
    String.raw`{allow, {username, "a\"b\\c"}, publish, [`,
    String.raw`{allow, {username, "a\"b\\c"}, subscribe, [`,
  ]);
  expect(out).toContain('"spBv1.0/riverside/NDEATH/gateway-1"');
});

test("used wrongly it says how, and prints no rule", async () => {
  for (const args of [
    ["gateway.yaml"],
    ["--broker", "hivemq", "gateway.yaml"],
    ["--broker", "toString", "gateway.yaml"],
    ["--broker", "emqx"],
    ["--broker", "emqx", "--identity", "a\nuser b", "gateway.yaml"],
    ["--broker", "emqx", "--host", "#", "gateway.yaml"],
    ["--broker", "emqx", "--nonsense", "gateway.yaml"],
  ]) {
    const { exit, out } = await acl(args);
    expect([args, exit, out]).toEqual([args, 2, ""]);
  }
  expect((await acl(["--broker", "emqx", "--identity", "x", "absent.yaml"])).err).toContain("CONFIG_FILE_UNREADABLE");
});
