import { createRequire } from "node:module";
import type { SnmpReceiver } from "../../../../agent/config/snapshot/notify.ts";
import type { MemoryDatagrams } from "../../../../simulator/datagram.ts";

interface Varbind {
  readonly oid: string;
  readonly value: unknown;
}

interface Library {
  createReceiver(
    options: object,
    heard: (error: unknown, notification?: { readonly pdu: { readonly varbinds: readonly Varbind[] } }) => void,
  ): { getAuthorizer(): { addUser(user: object): void } };
  readonly SecurityLevel: { readonly authPriv: number };
  readonly AuthProtocols: { readonly sha256: string };
  readonly PrivProtocols: { readonly aes: string };
}

export const SNMP = { host: "nms.test", port: 162 };
export const SNMP_RECEIVER: SnmpReceiver = {
  kind: "snmp",
  ...SNMP,
  user: "holdfast",
  authentication: "sha256",
  privacy: "aes128",
  authenticationPath: "/a",
  privacyPath: "/p",
};
export const PASSPHRASES = { authentication: "known to two alone", privacy: "another known to two" };

/**
 * The library's own trap receiver, an implementation of the other side, on simulated datagrams. Hands over each inform that
 * it took and answered, as values by OID.
 * @param change what becomes of its answers
 */
export function serveSnmp(
  datagrams: MemoryDatagrams,
  heard: (objects: ReadonlyMap<string, unknown>) => void,
  change: (answer: Buffer) => Buffer = (answer) => answer,
): Disposable {
  const library = createRequire(import.meta.url)("net-snmp") as Library;
  let message: (bytes: Buffer, from: object) => void = () => {};
  const replies: ((bytes: Uint8Array) => void)[] = [];
  const socket = {
    on(event: string, listener: (bytes: Buffer, from: object) => void) {
      if (event === "message") message = listener;
    },
    bind() {},
    close() {},
    send(bytes: Buffer, offset: number, length: number, port: number, _host: string, sent: (error: null) => void) {
      replies[port]?.(change(Buffer.from(bytes.subarray(offset, offset + length))));
      sent(null);
    },
  };
  const receiver = library.createReceiver(
    { port: SNMP.port, dgramModule: { createSocket: () => socket } },
    (_error, notification) => {
      if (notification === undefined) return;
      heard(new Map(notification.pdu.varbinds.map(({ oid, value }) => [oid, value])));
    },
  );
  receiver.getAuthorizer().addUser({
    name: "holdfast",
    level: library.SecurityLevel.authPriv,
    authProtocol: library.AuthProtocols.sha256,
    authKey: PASSPHRASES.authentication,
    privProtocol: library.PrivProtocols.aes,
    privKey: PASSPHRASES.privacy,
  });
  return datagrams.serve(SNMP.host, SNMP.port, (bytes, reply) => {
    const port = replies.push(reply) - 1;
    message(Buffer.from(bytes), { address: "gateway", port });
  });
}
