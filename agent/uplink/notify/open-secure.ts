import type { SecureContext } from "node:tls";
import { HalError } from "../../../hal/error.ts";
import type { ByteStream, Network } from "../../../hal/network.ts";
import { connectTls, tlsClientContext } from "../../../hal/tls.ts";
import type { AlarmSinkSnapshot, SyslogReceiver, WebhookReceiver } from "../../config/snapshot/notify.ts";
import { NotifyError } from "./fault.ts";
import type { SinkMaterial, SinkMaterialSource } from "./material.ts";
import type { Way } from "./receiver.ts";

export interface SecureParts {
  readonly network: Network;
  readonly material: SinkMaterialSource;
}

interface Known {
  readonly material: SinkMaterial;
  readonly classical: boolean;
  readonly context: SecureContext;
}

/**
 * Opens TLS connections to one receiver, verified against its own anchors. One context for as long as the texts stay the
 * same.
 * @throws {NotifyError} `NOTIFY_MATERIAL_FAILED` @throws {HalError} what the network and TLS say
 */
export function openSecure(
  { network, material }: SecureParts,
  sink: AlarmSinkSnapshot,
  { host, port, serverName }: SyslogReceiver | WebhookReceiver,
): (way: Way, signal: AbortSignal) => Promise<ByteStream> {
  let known: Known | undefined;
  const contextOf = (texts: SinkMaterial, classical: boolean): SecureContext => {
    if (known !== undefined && known.classical === classical && sameTexts(known.material, texts)) return known.context;
    const { anchors = "", certificate, key } = texts;
    const own = certificate === undefined || key === undefined ? {} : { certificate, key };
    const context = tlsClientContext({ anchors, ...own }, classical ? { groups: "classical" } : {});
    known = { material: texts, classical, context };
    return context;
  };
  return async ({ interfaceName, classical }, signal) => {
    const context = contextOf(await materialOf(material, sink), classical);
    const target = { kind: "tcp", host, port, ...(interfaceName === undefined ? {} : { interfaceName }) } as const;
    const socket = await network.connect(target, signal);
    return connectTls(socket, { context, serverName }, signal);
  };
}

/** @throws {HalError} as the source says @throws {NotifyError} `NOTIFY_MATERIAL_FAILED` for whatever else it fails with */
export async function materialOf(material: SinkMaterialSource, sink: AlarmSinkSnapshot): Promise<SinkMaterial> {
  try {
    return await material(sink);
  } catch (cause) {
    if (cause instanceof HalError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NotifyError("NOTIFY_MATERIAL_FAILED", why, { cause });
  }
}

function sameTexts(a: SinkMaterial, b: SinkMaterial): boolean {
  return a.anchors === b.anchors && a.certificate === b.certificate && a.key === b.key;
}
