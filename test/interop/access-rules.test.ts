import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { emqxTemplate, mosquittoTemplate } from "../../agent/cli/acl/templates.ts";
import { configCommand } from "../../agent/cli/config.ts";
import { HEALTH_EXPIRY_PERIODS, HEALTH_PERIOD_S } from "../../agent/contract/health.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { recordingDevice, serveRecording } from "../processes/harness/recording-device.ts";
import { runChild } from "./peers/child.ts";
import { configText } from "./peers/gateway-file.ts";
import type { FileBus } from "./peers/gateway-file.ts";
import { startInnerGateway } from "./peers/inner-gateway.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import { connection, observe, publish } from "./peers/observer.ts";
import type { Observer } from "./peers/observer.ts";
import { sitePki } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { EDGE, worksFile } from "./peers/works.ts";
import { requires } from "./requires.ts";
import { encodeCommand } from "./sparkplug/oracle.ts";

const TEST_MS = 40_000;
const PATIENCE_MS = 15_000;
const GROUP = `spBv1.0/${EDGE.group}`;
const MANAGEMENT = `holdfast/v1/${EDGE.site}/${EDGE.device}`;
const REBIRTH = encodeCommand([{ name: "Node Control/Rebirth", type: "Boolean", value: true }]);
const FORGED = Buffer.from("forged");

/** Everything a gateway with one field device says. */
const SAID = [
  ...["health", "version", "config", "mark"].map((kind) => `${MANAGEMENT}/${kind}`),
  `${GROUP}/NBIRTH/${EDGE.node}`,
  `${GROUP}/DBIRTH/${EDGE.node}/d`,
  `${GROUP}/DDATA/${EDGE.node}/d`,
];

/** Waits until an observer saw all of them, and says what else of the gateway it saw. */
async function seesAll(observer: Observer, topics: readonly string[]): Promise<void> {
  await vi.waitFor(
    () => {
      const seen = new Set(observer.seen.map(({ topic }) => topic));
      expect(topics.filter((topic) => !seen.has(topic))).toEqual([]);
    },
    { timeout: PATIENCE_MS, interval: 50 },
  );
}

/** What `holdfast config acl` prints for that file. */
async function printedRules(path: string, ...args: readonly string[]): Promise<string> {
  let out = "";
  const refused = (text: string): never => {
    throw new Error(text);
  };
  const io = { out: (text: string) => void (out += text), err: refused, isTty: false, columns: 80 };
  await configCommand(["acl", ...args, path], { ...io, readFile: (file) => readFile(file, "utf8") });
  return out;
}

async function openStand(stack: AsyncDisposableStack, identity: string) {
  const folder = stack.use(await tempFolder()).path;
  const clock = linuxClock();
  const device = stack.use(await serveRecording(clock, linuxNetwork(), recordingDevice(clock, 1)));
  const bus: FileBus = {
    name: "bus",
    tcp: { host: "127.0.0.1", port: device.port },
    devices: [{ name: "d", unit: 1, pollMs: 100, points: [{ name: "p", table: "holding-register", address: 0 }] }],
  };
  const site = await sitePki(folder);
  const party = { gateway: await site.client(identity), watcher: await site.client("watcher") };
  const others = { stranger: await site.client("gateway-2"), host: await site.client("scada") };
  const file = (port: number) => worksFile({ broker: { port }, gateway: party.gateway }, [bus]);
  // the rules do not depend on the port, and the broker wants them first
  const path = join(folder, "rules.yaml");
  await writeFile(path, configText(file(8_883)));
  return { folder, path, file, ...party, ...others, credentials: await site.broker("localhost", "127.0.0.1") };
}

requires("mosquitto", "mosquitto-clients")("Mosquitto with access rules made from the contract", () => {
  test.each([
    { rules: "the template", identity: EDGE.device, text: () => Promise.resolve(mosquittoTemplate()) },
    {
      rules: "those of one configuration",
      identity: "gateway-1.works",
      text: async (path: string) =>
        `${await printedRules(path, "--broker", "mosquitto")}\n${await printedRules(path, "--broker", "mosquitto", "--host", "scada")}`,
    },
  ])(
    "$rules: the gateway's whole session works, a host hears and commands it, nobody else speaks for it or hears its commands",
    { timeout: TEST_MS },
    async ({ identity, text }) => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack, identity);
      const acl = `${await text(stand.path)}\nuser watcher\ntopic read #\n\npattern readwrite sentinel/%u\n`;
      const broker = stack.use(await startMosquitto({ ...stand, acl }));
      const watcher = stack.use(await observe(broker, stand.watcher, "watcher"));
      const host = stack.use(await observe(broker, stand.host, "scada"));
      const stranger = stack.use(await observe(broker, stand.stranger, "gateway-2"));
      const gateway = stack.use(await startInnerGateway(stand.folder));
      await gateway.apply(stand.file(broker.port));
      await gateway.until("online", ({ uplink }) => uplink?.state === "online" && uplink.marksAcknowledged > 0);
      await seesAll(watcher, SAID);
      await seesAll(host, SAID);

      const births = (): number => watcher.seen.filter(({ topic }) => topic === `${GROUP}/NBIRTH/${EDGE.node}`).length;
      const before = births();
      await publish(broker, stand.host, `${GROUP}/NCMD/${EDGE.node}`, REBIRTH);
      await vi.waitFor(() => expect(births()).toBe(before + 1), { timeout: PATIENCE_MS });

      const forbidden = [
        ...SAID.map((topic) => ({ who: stand.stranger, topic })),
        { who: stand.stranger, topic: `${GROUP}/NCMD/${EDGE.node}` },
        { who: stand.stranger, topic: `${GROUP}/NDEATH/${EDGE.node}` },
        ...SAID.map((topic) => ({ who: stand.host, topic })),
        { who: stand.gateway, topic: `${GROUP}/NCMD/gateway-2` },
        { who: stand.gateway, topic: `${GROUP}/NDATA/gateway-2` },
      ];
      for (const { who, topic } of forbidden) await publish(broker, who, topic, FORGED);
      // what each was allowed to say after it was carried, so what was forbidden is not on its way
      const sentinels = ["gateway-2", "scada", identity].map((name) => `sentinel/${name}`);
      for (const [i, who] of [stand.stranger, stand.host, stand.gateway].entries()) {
        await publish(broker, who, sentinels[i] ?? "", FORGED);
      }
      await seesAll(watcher, sentinels);
      expect(watcher.seen.filter(({ payload }) => payload.equals(FORGED)).map(({ topic }) => topic)).toEqual(sentinels);

      await gateway[Symbol.asyncDispose]();
      const last = [`${GROUP}/NDEATH/${EDGE.node}`];
      await seesAll(watcher, last);
      await seesAll(host, last);
      expect(stranger.seen.map(({ topic }) => topic)).toEqual(["sentinel/gateway-2"]);
    },
  );

  test(
    "a retained health is one that an MQTT 5 broker forgets in time; version and config stay",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack, EDGE.device);
      const broker = stack.use(await startMosquitto({ ...stand, acl: mosquittoTemplate() }));
      const gateway = stack.use(await startInnerGateway(stand.folder));
      await gateway.apply(stand.file(broker.port));
      const online = await gateway.until("marks", ({ uplink }) => (uplink?.marksAcknowledged ?? 0) > 0);
      expect(online.uplink?.protocol).toBe("5");
      const retained = async (kind: string): Promise<string> => {
        const filter = ["-t", `${MANAGEMENT}/${kind}`, "-V", "mqttv5", "-C", "1", "-F", "%r %E"];
        return (await runChild("mosquitto_sub", [...connection(broker, stand.host), ...filter])).output.trim();
      };
      const [flag, expiryS] = (await retained("health")).split(" ");
      expect(flag).toBe("1");
      expect(Number(expiryS)).toBeGreaterThan(HEALTH_PERIOD_S);
      expect(Number(expiryS)).toBeLessThanOrEqual(HEALTH_PERIOD_S * HEALTH_EXPIRY_PERIODS);
      expect(await retained("version")).toMatch(/^1( 0)?$/);
      expect(await retained("config")).toMatch(/^1( 0)?$/);
      // one that left on purpose stays away until it is back
      await gateway[Symbol.asyncDispose]();
      expect(await retained("health")).toMatch(/^1( 0)?$/);
    },
  );
});

requires("erlang")("EMQX's access file as Erlang reads it", () => {
  /** The terms of a file, or what is wrong with it, as EMQX's own loader would be told. */
  const consult = async (folder: string, text: string): Promise<string> => {
    const path = join(folder, "acl.conf");
    await writeFile(path, text);
    const program = 'io:format("~0p", [file:consult(os:getenv("ACL"))]), halt().';
    const ran = await runChild("env", [`ACL=${path}`, "erl", "-noshell", "-eval", program]);
    return ran.output;
  };

  test(
    "the template and the rules of one configuration are terms; a torn one is not",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack, 'gateway "1"');
      const template = await consult(stand.folder, emqxTemplate());
      expect(template).toMatch(/^\{ok,\[\{deny,\{username,\{re,/);
      expect(template).toMatch(/\{deny,all\}\]\}$/);
      const rules = await consult(stand.folder, await printedRules(stand.path, "--broker", "emqx"));
      expect(rules).toContain(String.raw`{allow,{username,"gateway \"1\""},publish,[`);
      expect(await consult(stand.folder, emqxTemplate().replace("{deny, all}.", "{deny, all}"))).toMatch(/^\{error,/);
    },
  );
});
