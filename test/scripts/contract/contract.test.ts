import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import asyncApiSpecs from "@asyncapi/specs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, expect, test } from "vitest";
import { CHANNELS, addressOf } from "../../../agent/contract/channels.ts";
import { managementTopic } from "../../../agent/contract/mqtt.ts";
import type { ManagementKind } from "../../../agent/contract/mqtt.ts";
import { commandFilters, deviceTopic, nodeTopic, stateTopic } from "../../../agent/uplink/sparkplug/topic.ts";
import type { DeviceVerb, NodeVerb } from "../../../agent/uplink/sparkplug/topic.ts";
import { captureSession } from "../../../scripts/contract/capture.ts";
import { CONTRACT_FOLDER, contractDocuments } from "../../../scripts/contract/documents.ts";
import { examplesOf } from "../../../scripts/contract/examples.ts";
import { covers } from "../../../simulator/broker/access.ts";
import type { Received } from "../../../simulator/broker/index.ts";

const NAMES = {
  prefix: "holdfast/v1",
  site: "coast",
  device: "pumping-station",
  group: "coast",
  edgeNode: "pumping-station",
  fieldDevice: "pump-1",
  host: "scada",
};

const folder = join(import.meta.dirname, "..", "..", "..", CONTRACT_FOLDER);
const onDisk = (path: string): string => readFileSync(join(folder, path), "utf8");
const parsed = (path: string): Record<string, unknown> => JSON.parse(onDisk(path)) as Record<string, unknown>;

let session: readonly Received[];
beforeAll(async () => {
  session = await captureSession();
});

/** What the gateway published on its management topics, by kind. */
function published(kind: string): readonly Record<string, unknown>[] {
  return session
    .filter(({ topic }) => topic === `holdfast/v1/coast/pumping-station/${kind}`)
    .map(({ payload }) => JSON.parse(Buffer.from(payload).toString("utf8")) as Record<string, unknown>);
}

function validatorOf(kind: string) {
  return new Ajv2020({ strict: true, allowUnionTypes: true }).compile(parsed(`schemas/${kind}.json`));
}

test("the documents are what `npm run contract` writes, and there are no others", () => {
  const documents = contractDocuments(examplesOf(session));
  for (const [path, text] of documents) expect(onDisk(path), path).toBe(text);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(documents.size);
});

test("two gateways of the same seed say the same, byte for byte, where no chance of TLS is in it", async () => {
  const again = await captureSession();
  const texts = (one: readonly Received[]) => contractDocuments(examplesOf(one)).get("asyncapi.json");
  expect(texts(again)).toBe(texts(session));
});

test("AsyncAPI's own schema finds nothing wrong with the document", () => {
  const official = asyncApiSpecs.schemasWithoutId["3.0.0"] as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(official);
  validate(parsed("asyncapi.json"));
  expect(validate.errors).toBeNull();
  // the judge is awake
  const { mark, ...channels } = parsed("asyncapi.json")["channels"] as Record<string, object>;
  expect(validate({ ...parsed("asyncapi.json"), channels: { ...channels, mark: { ...mark, address: 5 } } })).toBe(
    false,
  );
  const operations = parsed("asyncapi.json")["operations"] as Record<string, object>;
  const wrong = { ...operations, sendMark: { ...operations["sendMark"], action: "publish" } };
  expect(validate({ ...parsed("asyncapi.json"), operations: wrong })).toBe(false);
});

test("every reference in the document leads somewhere", () => {
  const document = parsed("asyncapi.json");
  const references = [...onDisk("asyncapi.json").matchAll(/"\$ref": "([^"]+)"/g)].map(([, to]) => to ?? "");
  expect(references.length).toBeGreaterThan(50);
  for (const reference of references) {
    const levels = reference.replace("#/", "").split("/");
    const target = levels.reduce<unknown>(
      (at, level) => (at as Record<string, unknown> | undefined)?.[level],
      document,
    );
    expect(target, reference).toBeTypeOf("object");
  }
});

test.each(["health", "version", "config", "mark"])("what a gateway says on %s is what its schema says", (kind) => {
  const validate = validatorOf(kind);
  const messages = published(kind);
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) {
    validate(message);
    expect(validate.errors).toBeNull();
  }
});

test.each(["health", "version", "config", "mark"])("another message than that of %s is refused", (kind) => {
  const validate = validatorOf(kind);
  const message = published(kind).at(-1) ?? {};
  expect(validate({ ...message, extra: 1 })).toBe(false);
  for (const key of Object.keys(message)) {
    const { [key]: _, ...rest } = message;
    expect([key, validate(rest)]).toEqual([key, key === "field"]);
    expect([key, validate({ ...message, [key]: [] })]).toEqual([key, key === "gaps"]);
  }
});

test("no two examples of a message are the same, and only the goodbye is of a gateway that leaves", () => {
  const examples = examplesOf(session);
  for (const [kind, shown] of examples) {
    expect([kind, new Set(shown.map(({ payload }) => JSON.stringify(payload))).size]).toEqual([kind, shown.length]);
  }
  expect(examples.get("health")?.map(({ name, payload }) => [name, payload["online"]])).toEqual([
    ["trouble", true],
    ["goodbye", false],
  ]);
});

test("the schemas say what every part of a message means", () => {
  const silent = (schema: Record<string, unknown>, path: string): readonly string[] => {
    const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
    return Object.entries(properties).flatMap(([key, child]) => [
      ...(child["description"] === undefined ? [`${path}.${key}`] : []),
      ...silent(child, `${path}.${key}`),
    ]);
  };
  const kinds = ["health", "version", "config", "mark"];
  expect(kinds.flatMap((kind) => silent(parsed(`schemas/${kind}.json`), kind))).toEqual([]);
});

test("the topics of the document are those that the gateway uses", () => {
  const document = Object.fromEntries(CHANNELS.map((channel) => [channel.name, addressOf(channel, NAMES)]));
  const { prefix: managementPrefix, site, device, host } = NAMES;
  const kinds: readonly ManagementKind[] = ["health", "version", "config", "mark", "echo"];
  const nodes: readonly NodeVerb[] = ["NBIRTH", "NDATA", "NDEATH", "NCMD"];
  const devices: readonly DeviceVerb[] = ["DBIRTH", "DDATA", "DDEATH", "DCMD"];
  expect(document).toEqual({
    ...Object.fromEntries(kinds.map((kind) => [kind, managementTopic({ managementPrefix, site, device }, kind)])),
    ...Object.fromEntries(nodes.map((verb) => [verb, nodeTopic(NAMES, verb)])),
    ...Object.fromEntries(devices.map((verb) => [verb, deviceTopic(NAMES, verb, NAMES.fieldDevice)])),
    STATE: stateTopic(host),
  });
  const heard = CHANNELS.filter(({ direction }) => direction === "receive").map((channel) => addressOf(channel, NAMES));
  for (const filter of commandFilters(NAMES)) expect(heard.some((topic) => covers(filter, topic))).toBe(true);
});

test("each message went out as the document says: topic, QoS and retain", () => {
  const sent = CHANNELS.filter(({ direction }) => direction === "send");
  const unseen = new Set(sent.map(({ name }) => name));
  for (const { topic, qos, retain } of session) {
    const channel = sent.find((one) => covers(addressOf(one, { ...NAMES, fieldDevice: "+" }), topic));
    expect({ topic, qos, retain }).toEqual({ topic, qos: channel?.qos, retain: channel?.retain });
    unseen.delete(channel?.name ?? "");
  }
  // nothing of the node itself changed, so it had nothing to say
  expect([...unseen]).toEqual(["NDATA"]);
});
