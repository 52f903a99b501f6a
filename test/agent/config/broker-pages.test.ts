import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { PROFILES } from "../../../agent/config/profiles/index.ts";
import { covers } from "../../../simulator/broker/access.ts";
import { gatewayGrants } from "../../../agent/contract/grants.ts";
import { RIGHT, findingsOf, snapshotOf } from "./gateway-file.ts";

const operate = new URL("../../../docs/operate/", import.meta.url);
const page = (name: string): string => readFileSync(new URL(name, operate), "utf8");
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gmsu"))].map(([, block = ""]) => block);

const brokerPages = readdirSync(new URL("connect-your-broker/", operate)).map((name) => `connect-your-broker/${name}`);
const named = Object.keys(PROFILES).filter((name) => name !== "generic");

/** The file that a snippet is a part of. */
function whole(snippet: string): string {
  const file = parse(RIGHT) as Record<string, unknown>;
  return stringify({ ...file, ...(parse(snippet) as object) }, { aliasDuplicateObjects: false });
}

const GRANTS = gatewayGrants({
  prefix: "holdfast/v1",
  site: "riverside",
  device: "gateway-1",
  group: "riverside",
  edgeNode: "gateway-1",
  host: "+",
});

test("every profile has its page, no page is without one, and the index leads to each", () => {
  expect(brokerPages.toSorted()).toEqual(named.map((name) => `connect-your-broker/${name}.md`).toSorted());
  const index = page("connect-your-broker.md");
  for (const name of brokerPages) expect(index).toContain(`(${name})`);
});

test.each([...brokerPages, "uplink-options.md"])("every snippet of %s is right as it stands", (name) => {
  const snippets = blocks(page(name), "yaml");
  expect(snippets.length).toBeGreaterThan(0);
  for (const snippet of snippets) expect(findingsOf(whole(snippet))).toEqual([]);
});

test.each(named)("the snippet of %s names its profile", (name) => {
  const [snippet = ""] = blocks(page(`connect-your-broker/${name}.md`), "yaml");
  expect(snippet).toContain(`profile: ${name}\n`);
  expect(snapshotOf(whole(snippet)).uplink.brokers[0].retains).toBe(
    PROFILES[name as keyof typeof PROFILES].limits.retains,
  );
});

test.each(brokerPages)("%s is short", (name) => {
  const prose = page(name).replace(/^```json\n.*?^```$/gmsu, "");
  expect(prose.split("\n").length).toBeLessThan(80);
});

test("links of these pages lead somewhere", () => {
  for (const name of [...brokerPages, "connect-your-broker.md", "uplink-options.md"]) {
    for (const [, target = ""] of page(name).matchAll(/\]\(([^)#]+)\)/gu)) {
      const url = new URL(target, new URL(name, operate));
      expect([name, target, existsSync(url)]).toEqual([name, target, true]);
    }
  }
});

test("the policy for AWS IoT Core allows what the gateway does, and nothing of its neighbour's", () => {
  const [json = ""] = blocks(page("connect-your-broker/aws-iot-core.md"), "json");
  const policy = JSON.parse(json) as Policy;
  // AWS counts a policy document without its white space, and takes 2048 characters
  expect(json.replaceAll(/\s/gu, "").length).toBeLessThan(2_048);
  const allowed = (action: string, kind: string, topic: string): boolean =>
    policy.Statement.filter((statement) => [statement.Action].flat().includes(action))
      .flatMap((statement) => statement.Resource)
      .some((resource) => arnCovers(resource, kind, topic));
  const onDevice = (topic: string): string => topic.replaceAll("+", "field-device");
  for (const topic of GRANTS.publish) {
    expect([topic, allowed("iot:Publish", "topic", onDevice(topic))]).toEqual([topic, true]);
    const neighbours = onDevice(topic).replaceAll("gateway-1", "gateway-2");
    expect([neighbours, allowed("iot:Publish", "topic", neighbours)]).toEqual([neighbours, false]);
  }
  for (const filter of GRANTS.subscribe) {
    expect([filter, allowed("iot:Subscribe", "topicfilter", filter)]).toEqual([filter, true]);
    expect([filter, allowed("iot:Receive", "topic", onDevice(filter))]).toEqual([filter, true]);
  }
  for (const kind of ["health", "version", "config"]) {
    expect(allowed("iot:RetainPublish", "topic", `holdfast/v1/riverside/gateway-1/${kind}`)).toBe(true);
  }
});

test("the role for HiveMQ covers what the gateway does", () => {
  const text = page("connect-your-broker/hivemq.md");
  const filters = (activity: string): readonly string[] => {
    const [, cell = ""] = new RegExp(`^\\| ${activity} \\| (.*) \\|$`, "mu").exec(text) ?? [];
    return [...cell.matchAll(/`([^`]+)`/gu)].map(([, filter = ""]) => filter);
  };
  for (const topic of GRANTS.publish) expect(filters("publish").some((filter) => covers(filter, topic))).toBe(true);
  for (const topic of GRANTS.subscribe) expect(filters("subscribe").some((filter) => covers(filter, topic))).toBe(true);
});

test("the topic space for Azure Event Grid covers what the gateway does, but for hosts' STATE", () => {
  const text = page("connect-your-broker/azure-event-grid.md").replaceAll("${client.authenticationName}", "gateway-1");
  const templates = [...text.matchAll(/'([^' ]+\/[^' ]+)'/gu)].map(([, template = ""]) => template);
  const wanted = [...GRANTS.publish, ...GRANTS.subscribe].filter((topic) => !topic.startsWith("spBv1.0/STATE/"));
  for (const topic of wanted) {
    expect([topic, templates.some((template) => covers(template, topic))]).toEqual([topic, true]);
  }
});

interface Policy {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

/** `*` in a resource stands for anything, levels included. */
function arnCovers(resource: string | readonly string[], kind: string, topic: string): boolean {
  return [resource].flat().some((arn) => {
    const [, , , , , path = ""] = arn.replaceAll("${iot:Connection.Thing.ThingName}", "gateway-1").split(":");
    const pattern = path
      .split("*")
      .map((part) => RegExp.escape(part))
      .join(".*");
    return new RegExp(`^${pattern}$`, "u").test(`${kind}/${topic}`);
  });
}
