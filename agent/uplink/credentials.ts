import type { SecureContext } from "node:tls";
import { tlsContext } from "../../hal/tls.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";

/** What one broker connection proves itself with; texts, not files. */
export interface BrokerMaterial extends TlsMaterial {
  /** of `broker.username` */
  readonly password?: string;
  /** of `broker.proxy.username` */
  readonly proxyPassword?: string;
}

/** What {@link openConnection} proves itself with. */
export interface BrokerCredentials {
  readonly context: SecureContext;
  readonly password?: string;
  readonly proxyPassword?: string;
}

/**
 * Key exchange to offer: `hybrid` is X25519MLKEM768 and, unless the broker is `hybridOnly`, X25519 after it; `classical`
 * leaves out what makes the first flight longer than one packet, for ways on which that stalls.
 */
export type KeyExchange = "hybrid" | "classical";

/** Asked for at every attempt, so that renewed files are used without a restart. */
export type CredentialSource = (broker: BrokerSnapshot, keyExchange: KeyExchange) => Promise<BrokerCredentials>;

/** Contexts kept: two for each broker of a full list, so that none is made anew as brokers take turns. */
const CONTEXTS_MAX = 16;

interface Known {
  readonly use: string;
  readonly texts: TlsMaterial;
  readonly context: SecureContext;
}

/**
 * One secure context for as long as the PEM texts and the use stay the same, whichever broker asks: a context per
 * connection would load the key again each time.
 * @param used is told of the gateway's certificate at each attempt, once it was found to parse
 * @throws what `material` throws; {@link HalError} `HAL_TLS_MATERIAL`
 * @throws {TypeError} classical key exchange was asked for a broker that is `hybridOnly`
 */
export function credentials(
  material: (broker: BrokerSnapshot) => Promise<BrokerMaterial>,
  used: (certificatePem: string, broker: BrokerSnapshot) => void = () => {},
): CredentialSource {
  let known: Known[] = [];
  const contextOf = (texts: TlsMaterial, broker: BrokerSnapshot, keyExchange: KeyExchange): SecureContext => {
    const groups = broker.hybridOnly ? "hybrid-only" : keyExchange;
    const use = `${broker.tlsVersionMin} ${groups}`;
    const found = known.find((one) => one.use === use && sameTexts(one.texts, texts));
    if (found !== undefined) return found.context;
    const context = tlsContext(texts, { versionMin: broker.tlsVersionMin, groups });
    known = [{ use, texts, context }, ...known].slice(0, CONTEXTS_MAX);
    return context;
  };
  return async (broker, keyExchange) => {
    if (broker.hybridOnly && keyExchange === "classical") throw new TypeError("this broker is hybridOnly");
    const { password, proxyPassword, ...texts } = await material(broker);
    const context = contextOf(texts, broker, keyExchange);
    used(texts.certificate, broker);
    return {
      context,
      ...(password === undefined ? {} : { password }),
      ...(proxyPassword === undefined ? {} : { proxyPassword }),
    };
  };
}

function sameTexts(a: TlsMaterial, b: TlsMaterial): boolean {
  return a.anchors === b.anchors && a.certificate === b.certificate && a.key === b.key;
}
