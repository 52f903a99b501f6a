import { X509Certificate } from "node:crypto";
import { refusedCertificate } from "../../../hal/tls.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { BrokerMaterial, KeyExchange } from "../../uplink/credentials.ts";
import type { Step } from "../../uplink/mqtt/steps.ts";
import { isStall } from "../../uplink/way/hybrid.ts";
import { certificateWords, offerWords, oneLine, tlsMeaning } from "./tls-words.ts";

/** What helps to understand a failure of TLS: the offer, what was expected, what was shown. */
export function* failureDetails(
  at: Step,
  error: unknown,
  message: string,
  broker: BrokerSnapshot,
  keyExchange: KeyExchange,
  texts: BrokerMaterial | undefined,
): Generator<string> {
  const meaning = tlsMeaning(message);
  if (meaning !== undefined) yield `that is: ${meaning}`;
  if (at !== "tls") return;
  yield offerWords(broker, keyExchange);
  if (isStall(error)) {
    yield broker.hybridOnly
      ? "hybridOnly forbids to try X25519 alone, which fits in one packet"
      : "X25519 alone, which fits in one packet, is not answered either: the hybrid is not to blame";
  }
  const shown = error instanceof Error ? refusedCertificate(error) : undefined;
  if (shown !== undefined) yield certificateWords("shown", shown);
  if (texts === undefined) return;
  for (const pem of texts.anchors.match(CERTIFICATES)?.slice(0, ANCHORS_SHOWN_MAX) ?? []) {
    yield `expected: a certificate vouched for by ${oneLine(new X509Certificate(pem).subject)}`;
  }
  yield certificateWords("the gateway's own", new X509Certificate(texts.certificate));
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const ANCHORS_SHOWN_MAX = 4;
