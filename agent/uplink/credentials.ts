import type { SecureContext } from "node:tls";
import { tlsContext } from "../../hal/tls.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";

/**
 * One secure context for as long as the PEM texts stay the same: a context per connection would load the key again each
 * time. The texts are asked for at every attempt, so that renewed files are used without a restart.
 */
export function credentials(
  material: (broker: BrokerSnapshot) => Promise<TlsMaterial>,
): (broker: BrokerSnapshot) => Promise<SecureContext> {
  let known: { readonly texts: TlsMaterial; readonly context: SecureContext } | undefined;
  return async (broker) => {
    const texts = await material(broker);
    if (known === undefined || !sameTexts(known.texts, texts)) known = { texts, context: tlsContext(texts) };
    return known.context;
  };
}

function sameTexts(a: TlsMaterial, b: TlsMaterial): boolean {
  return a.anchors === b.anchors && a.certificate === b.certificate && a.key === b.key;
}
