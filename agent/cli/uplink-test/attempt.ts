import { credentials } from "../../uplink/credentials.ts";
import type { BrokerMaterial, KeyExchange } from "../../uplink/credentials.ts";
import type { Connection } from "../../uplink/mqtt/connection.ts";
import { explain } from "../../uplink/mqtt/fault.ts";
import { openConnection } from "../../uplink/mqtt/open-connection.ts";
import type { ProtocolVersion } from "../../uplink/mqtt/protocol.ts";
import type { Step, StepTaken } from "../../uplink/mqtt/steps.ts";
import { commandFilters, stateTopic } from "../../uplink/sparkplug/topic.ts";
import { isStall } from "../../uplink/way/hybrid.ts";
import type { Tell } from "./finding.ts";
import { takenWords } from "./step-words.ts";
import { failureDetails } from "./tls-details.ts";
import type { WalkOrder, WalkParts } from "./order.ts";

/** What an attempt puts on the table, and where. */
export interface Offer {
  readonly version: ProtocolVersion;
  readonly keyExchange: KeyExchange;
  /** addresses that were found dead above TCP */
  readonly shunned: readonly string[];
}

export interface AttemptOrder {
  readonly offer: Offer;
  /** of the broker's name, or its proxy's */
  readonly addresses: readonly string[];
  readonly hear: (topic: string, payload: Uint8Array) => void;
  readonly tell: Tell;
}

/** A connection, or what is worth another attempt. */
export type Attempted =
  | { readonly connection: Connection }
  | { readonly connection: undefined; readonly next: Offer | undefined };

/** One attempt to connect, each step told as it is taken. */
export async function attempt(
  { clock, network, material }: WalkParts,
  { part, broker, interfaceName, takeOver }: WalkOrder,
  { offer, addresses, hear, tell }: AttemptOrder,
): Promise<Attempted> {
  const { version, keyExchange, shunned } = offer;
  const clientId = takeOver ? broker.clientId : `${broker.clientId}-test`;
  const { primaryHost } = part.sparkplug;
  const commands = commandFilters(part.sparkplug);
  const filters = primaryHost === undefined ? commands : [...commands, stateTopic(primaryHost)];
  let at = "material" as Step | "material";
  let begunMs = clock.monotonicMs();
  let texts: BrokerMaterial | undefined;
  let address = "";
  const took = (): number => clock.monotonicMs() - begunMs;
  const detailsOf = (error: unknown, message: string): string[] =>
    at === "material" ? [] : [...failureDetails(at, error, message, broker, keyExchange, texts)];
  try {
    const source = credentials(async (one) => (texts = await material(one)));
    const connection = await openConnection(
      { clock, network },
      {
        broker,
        interfaceName,
        shunned,
        credentials: await source(broker, keyExchange),
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
          taken(taken: StepTaken) {
            if (taken.step === "tcp") address = taken.remoteAddress;
            tell({ ...takenWords(taken, broker, version, keyExchange, clientId), tookMs: took() });
          },
          missed(error) {
            const { code, message } = explain(error, broker);
            const says = `nothing came of ${address}: ${message}; trying the other addresses of ${broker.host}`;
            tell({ step: at, outcome: "unproven", says, code, tookMs: took(), details: detailsOf(error, message) });
          },
        },
      },
      new AbortController().signal,
    );
    return { connection };
  } catch (error) {
    const { code, message } = explain(error, broker);
    const details = detailsOf(error, message);
    const again = (says: string, next: Offer): Attempted => {
      tell({ step: at, outcome: "unproven", says, code, tookMs: took(), details: [] });
      return { connection: undefined, next };
    };
    if (at === "mqtt" && broker.protocol === "auto" && version === "5" && OLDER.has(code)) {
      return again("the broker does not take MQTT 5; going back to 3.1.1", { ...offer, version: "3.1.1" });
    }
    if (at === "tls" && isStall(error)) {
      if (keyExchange === "hybrid" && !broker.hybridOnly) {
        const says = "no answer to the offer of X25519MLKEM768, whose first message is longer than one packet";
        return again(`${says}; trying X25519 alone`, { ...offer, keyExchange: "classical" });
      }
      const known = [...shunned, address];
      if (broker.proxy === undefined && address !== "" && addresses.some((one) => !known.includes(one))) {
        const says = `no answer at ${address}; trying the other addresses of ${broker.host}`;
        return again(says, { ...offer, keyExchange: "hybrid", shunned: known });
      }
    }
    if (CLIENT_ID_DOUBTED.has(code) && !takeOver) {
      details.push(`asked as ${clientId}: where the broker ties the client id to the certificate, try --take-over`);
    }
    tell({ step: at, outcome: "failed", says: message, code, tookMs: took(), details });
    return { connection: undefined, next: undefined };
  }
}

/** What brokers answer to a version of MQTT that they do not know: a refusal, or nothing. */
const OLDER = new Set(["UPLINK_PROTOCOL_REFUSED", "UPLINK_CONNECT_CLOSED", "UPLINK_CONNECTION_LOST"]);
/** Where the broker may have taken the gateway, but not under another client id. */
const CLIENT_ID_DOUBTED = new Set(["UPLINK_BROKER_REFUSED", "UPLINK_CONNECT_CLOSED"]);
