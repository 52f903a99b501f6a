import { managementTopic } from "../../contract/mqtt.ts";
import type { ManagementKind } from "../../contract/mqtt.ts";
import { brokersOf } from "../brokers.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { PROFILES } from "../profiles/index.ts";
import type { BrokerLimits } from "../profiles/index.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Uplink } from "../schema/uplink.ts";
import type { Inquiry } from "./inquiry.ts";

const KINDS = Object.keys({
  health: true,
  version: true,
  config: true,
  mark: true,
  echo: true,
} satisfies Record<ManagementKind, true>) as readonly ManagementKind[];

interface Topic {
  readonly text: string;
  readonly path: Path;
  readonly hint: string;
}

/** Holds the longest topics of a file against what each of its brokers takes. */
export function checkTopics(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const topics = [...sparkplugTopics(file), ...managementTopics(file)];
  for (const { broker } of brokersOf(file.uplink ?? {})) {
    const { title, limits } = PROFILES[broker.profile ?? "generic"];
    for (const { text, path, hint } of topics) {
      const beyond = beyondTopic(text, limits);
      if (beyond === undefined) continue;
      inquiry.say("CONFIG_TOPIC_SIZE", path, `the topic ${quote(text)} has ${beyond} ${title} takes`, hint);
    }
  }
}

/** @returns by what a topic is beyond the limits, undefined where it is not */
export function beyondTopic(topic: string, limits: BrokerLimits): string | undefined {
  const levels = topic.split("/").length;
  const { topicLevelsMax = levels, topicBytesMax } = limits;
  if (levels > topicLevelsMax) return `${levels} levels, ${topicLevelsMax} are what`;
  const bytes = Buffer.byteLength(topic);
  return bytes > topicBytesMax ? `${bytes} bytes, ${topicBytesMax} are what` : undefined;
}

/** @see Sparkplug B 3.0 §4: no verb is longer than DBIRTH */
function* sparkplugTopics(file: Loose<GatewayFile>): Generator<Topic> {
  const group = file.uplink?.sparkplug?.group ?? file.site ?? "";
  const edgeNode = file.uplink?.sparkplug?.edgeNode ?? file.device ?? "";
  for (const [b, bus] of (file.buses ?? []).entries()) {
    for (const [d, device] of (bus?.devices ?? []).entries()) {
      if (device?.name === undefined) continue;
      const text = `spBv1.0/${group}/DBIRTH/${edgeNode}/${device.name}`;
      const hint = "shorten the device's name, uplink.sparkplug.group or uplink.sparkplug.edgeNode";
      yield { text, path: ["buses", b, "devices", d, "name"], hint };
    }
  }
}

function* managementTopics(file: Loose<GatewayFile>): Generator<Topic> {
  const { managementPrefix = defaultOf(Uplink.properties.managementPrefix) } = file.uplink ?? {};
  const identity = { managementPrefix, site: file.site ?? "", device: file.device ?? "" };
  const topics = KINDS.map((kind) => managementTopic(identity, kind));
  const longest = topics.toSorted((a, b) => b.length - a.length)[0] ?? "";
  const path: Path = file.uplink?.managementPrefix === undefined ? ["site"] : ["uplink", "managementPrefix"];
  yield { text: longest, path, hint: "shorten uplink.managementPrefix, or the names of site and device" };
}
