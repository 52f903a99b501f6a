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

/**
 * Holds the longest topic of a file against what each of its brokers takes. It is one of management: names are too short
 * for a Sparkplug topic to be too long for any of them, as a test watches.
 */
export function checkTopics(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const { text, path, hint } = longestTopic(file);
  for (const { broker } of brokersOf(file.uplink ?? {})) {
    const { title, limits } = PROFILES[broker.profile ?? "generic"];
    const beyond = beyondTopic(text, limits);
    if (beyond === undefined) continue;
    inquiry.say("CONFIG_TOPIC_SIZE", path, `the topic ${quote(text)} has ${beyond} ${title} takes`, hint);
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

function longestTopic(file: Loose<GatewayFile>): Topic {
  const { managementPrefix = defaultOf(Uplink.properties.managementPrefix) } = file.uplink ?? {};
  const identity = { managementPrefix, site: file.site ?? "", device: file.device ?? "" };
  const topics = KINDS.map((kind) => managementTopic(identity, kind));
  const longest = topics.toSorted((a, b) => b.length - a.length)[0] ?? "";
  const path: Path = file.uplink?.managementPrefix === undefined ? ["site"] : ["uplink", "managementPrefix"];
  return { text: longest, path, hint: "shorten uplink.managementPrefix, or the names of site and device" };
}
