import { X509Certificate } from "node:crypto";
import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import { refusedCertificate } from "../../../hal/tls.ts";
import type { WayFinder } from "../../../hal/way-finder.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";
import { credentials } from "../../uplink/credentials.ts";
import type { BrokerMaterial } from "../../uplink/credentials.ts";
import type { Connection } from "../../uplink/mqtt/connection.ts";
import { explain } from "../../uplink/mqtt/fault.ts";
import { openConnection } from "../../uplink/mqtt/open-connection.ts";
import type { ProtocolVersion } from "../../uplink/mqtt/protocol.ts";
import type { Step, StepTaken } from "../../uplink/mqtt/steps.ts";
import { commandFilters, stateTopic } from "../../uplink/sparkplug/topic.ts";
import { tellRules } from "./echo.ts";
import type { Ear } from "./echo.ts";
import type { Tell } from "./finding.ts";
import { tellWay } from "./reach.ts";
import { takenWords } from "./step-words.ts";
import { certificateWords, offerWords, oneLine, tlsMeaning } from "./tls-words.ts";

export interface WalkParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly finder: WayFinder;
  readonly material: (broker: BrokerSnapshot) => Promise<BrokerMaterial>;
  readonly nonce: string;
}

export interface WalkOrder {
  readonly part: UplinkSnapshot;
  readonly broker: BrokerSnapshot;
  /** leave by this one only */
  readonly interfaceName: string | undefined;
  /** the gateway's own client id, which ends the session of a gateway that runs */
  readonly takeOver: boolean;
  /** a source of the gateway, for a topic of its own */
  readonly source: string;
}

/** Walks the whole way to one broker, telling each step as it is taken. False as soon as one fails. */
export async function walk(parts: WalkParts, order: WalkOrder, tell: Tell): Promise<boolean> {
  const { clock } = parts;
  if (!(await tellWay(clock, parts.finder, order.broker, order.interfaceName, tell))) return false;
  const versions: readonly ProtocolVersion[] =
    order.broker.protocol === "auto" ? ["5", "3.1.1"] : [order.broker.protocol];
  const heard: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  const waiting = new Set<() => void>();
  const ear: Ear = {
    hear: (topic, payload) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (heard.some((one) => one.topic === topic && Buffer.compare(one.payload, payload) === 0)) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  const hear = (topic: string, payload: Uint8Array): void => {
    if (heard.length < HEARD_MAX) heard.push({ topic, payload });
    for (const look of waiting) look();
  };
  for (const version of versions) {
    const last = version === versions.at(-1);
    const connection = await connect(parts, order, version, last, hear, tell);
    if (connection === "older") continue;
    if (connection === undefined) return false;
    try {
      return await tellRules({ clock, connection, ear, nonce: parts.nonce, tell }, order.part, order.source);
    } finally {
      connection.leave();
      await connection.closed;
    }
  }
  return false;
}

/** Retained messages of others may come, too. */
const HEARD_MAX = 100;

async function connect(
  { clock, network, material }: WalkParts,
  { part, broker, interfaceName, takeOver }: WalkOrder,
  version: ProtocolVersion,
  last: boolean,
  hear: (topic: string, payload: Uint8Array) => void,
  tell: Tell,
): Promise<Connection | "older" | undefined> {
  const clientId = takeOver ? broker.clientId : `${broker.clientId}-test`;
  const { primaryHost } = part.sparkplug;
  const commands = commandFilters(part.sparkplug);
  const filters = primaryHost === undefined ? commands : [...commands, stateTopic(primaryHost)];
  let at = "material" as Step | "material";
  let begunMs = clock.monotonicMs();
  let texts: BrokerMaterial | undefined;
  const took = (): number => clock.monotonicMs() - begunMs;
  try {
    const source = credentials(async (one) => (texts = await material(one)));
    return await openConnection(
      { clock, network },
      {
        broker,
        interfaceName,
        credentials: await source(broker, "hybrid"),
        keepaliveS: broker.keepaliveS,
        clientId,
        version,
        will: () => Promise.resolve(undefined),
        filters,
        subscribeRefused() {},
        message: hear,
        oversize() {},
        watch: {
          begun(step) {
            at = step;
            begunMs = clock.monotonicMs();
          },
          taken: (taken: StepTaken) => tell({ ...takenWords(taken, broker, version, clientId), tookMs: took() }),
        },
      },
      new AbortController().signal,
    );
  } catch (error) {
    const { code, message } = explain(error, broker);
    if (!last && at === "mqtt" && OLDER.has(code)) {
      const says = `the broker does not take MQTT ${version}; going back to 3.1.1`;
      tell({ step: at, outcome: "unproven", says, code, tookMs: took(), details: [] });
      return "older";
    }
    const details = [...detailsOf(at, error, message, broker, texts)];
    if (CLIENT_ID_DOUBTED.has(code) && !takeOver) {
      details.push(`asked as ${clientId}: where the broker ties the client id to the certificate, try --take-over`);
    }
    tell({ step: at, outcome: "failed", says: message, code, tookMs: took(), details });
    return undefined;
  }
}

/** What helps to understand a failure of TLS: the offer, what was expected, what was shown. */
function* detailsOf(
  at: Step | "material",
  error: unknown,
  message: string,
  broker: BrokerSnapshot,
  texts: BrokerMaterial | undefined,
): Generator<string> {
  const meaning = tlsMeaning(message);
  if (meaning !== undefined) yield `that is: ${meaning}`;
  if (at !== "tls") return;
  yield offerWords(broker);
  const shown = error instanceof Error ? refusedCertificate(error) : undefined;
  if (shown !== undefined) yield certificateWords("shown", shown);
  if (texts === undefined) return;
  for (const pem of texts.anchors.match(CERTIFICATES)?.slice(0, ANCHORS_SHOWN_MAX) ?? []) {
    yield `expected: a certificate vouched for by ${oneLine(new X509Certificate(pem).subject)}`;
  }
  yield certificateWords("the gateway's own", new X509Certificate(texts.certificate));
}

/** What brokers answer to a version of MQTT that they do not know: a refusal, or nothing. */
const OLDER = new Set(["UPLINK_PROTOCOL_REFUSED", "UPLINK_CONNECT_CLOSED", "UPLINK_CONNECTION_LOST"]);
/** Where the broker may have taken the gateway, but not under another client id. */
const CLIENT_ID_DOUBTED = new Set(["UPLINK_BROKER_REFUSED", "UPLINK_CONNECT_CLOSED"]);
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const ANCHORS_SHOWN_MAX = 4;
