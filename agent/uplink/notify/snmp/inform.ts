import snmp from "net-snmp";
import type { Session, SocketLike, Varbind } from "net-snmp";
import type { Datagrams, DatagramSocket } from "../../../../hal/datagram.ts";
import { HalError } from "../../../../hal/error.ts";
import type { SnmpReceiver } from "../../../config/snapshot/notify.ts";
import { NotifyError } from "../fault.ts";
import type { Way } from "../receiver.ts";
import { isAcceptable } from "./acceptable.ts";
import type { SnmpNotification, SnmpObject } from "./notification.ts";

/** Each datagram is sent three times: a lost one is the rule rather than the exception on a radio link. */
const RETRIES = 2;
const RETRY_MS = 4_000;
/** Its engine, its time and the inform, each three times. Reports that anybody can forge would be answered for ever. */
export const DATAGRAMS_MAX = 3 * (RETRIES + 1);
/** sysUpTime, in hundredths of a second, wraps after 497 days. */
const UPTIME_WRAPS = 2 ** 32;
const MS_PER_TICK = 10;

export interface Passphrases {
  readonly authentication: string;
  readonly privacy: string;
}

export interface Inform {
  readonly receiver: SnmpReceiver;
  readonly passphrases: Passphrases;
  readonly notification: SnmpNotification;
  /** how long we have been running */
  readonly upMs: number;
  readonly way: Way;
}

/**
 * One inform, from the discovery of the receiver's engine to its authenticated answer. Each has a conversation of its own,
 * so that a receiver that was restarted, and counts its time anew, is asked for it anew.
 * @throws {NotifyError} `NOTIFY_SNMP_…`, `NOTIFY_TIMEOUT` @throws {HalError} as the socket says
 */
export async function sendInform(datagrams: Datagrams, inform: Inform, signal: AbortSignal): Promise<void> {
  const { receiver, way } = inform;
  const { interfaceName } = way;
  const peer = { host: receiver.host, port: receiver.port, ...(interfaceName === undefined ? {} : { interfaceName }) };
  let hear: (bytes: Buffer) => void = () => {};
  let heard = false;
  await using socket = await datagrams.open(peer, (bytes) => hear(Buffer.from(bytes)), signal);
  const session = openSession(inform, socket, (listener) => {
    hear = (bytes) => {
      if (!isAcceptable(bytes)) return;
      heard = true;
      try {
        listener(bytes);
      } catch {
        // bytes that the library trips over say nothing; the next datagram may
      }
    };
  });
  try {
    await answered(session, inform, signal).catch((error: unknown) => {
      throw heard && error instanceof NotifyError && error.code === "NOTIFY_TIMEOUT" ? unread() : error;
    });
  } finally {
    hear = () => {};
    session.close();
  }
}

function openSession(
  { receiver, passphrases }: Inform,
  socket: DatagramSocket,
  listen: (listener: (bytes: Buffer) => void) => void,
): Session {
  const user = {
    name: receiver.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols[receiver.authentication],
    authKey: passphrases.authentication,
    privProtocol: receiver.privacy === "aes256" ? snmp.PrivProtocols.aes256b : snmp.PrivProtocols.aes,
    privKey: passphrases.privacy,
  };
  const session = snmp.createV3Session(receiver.host, user, {
    trapPort: receiver.port,
    retries: RETRIES,
    timeout: RETRY_MS,
    dgramModule: { createSocket: () => socketLike(socket, listen) },
  });
  // bytes that are no SNMP: the library drops them, and would end the process where nobody listens
  session.on("error", () => {});
  return session;
}

/** The socket of `hal` in the shape that the library knows. */
function socketLike(socket: DatagramSocket, listen: (listener: (bytes: Buffer) => void) => void): SocketLike {
  let closed = (): void => {};
  let left = DATAGRAMS_MAX;
  return {
    on(event: string, listener: (...args: never[]) => void) {
      if (event === "message") listen(listener as (bytes: Buffer) => void);
      if (event === "close") closed = listener;
    },
    send(bytes, offset, length, _port, _host, sent) {
      if (left <= 0) {
        sent(new NotifyError("NOTIFY_SNMP_TIME", `no end of beginnings after ${DATAGRAMS_MAX} datagrams`));
        return;
      }
      left -= 1;
      socket.send(bytes.subarray(offset, offset + length)).then(
        () => sent(null, length),
        (error: unknown) => sent(error as Error),
      );
    },
    close: () => closed(),
    ref() {},
    unref() {},
  };
}

function answered(session: Session, { notification, upMs }: Inform, signal: AbortSignal): Promise<void> {
  const varbinds = notification.objects.map(varbind);
  // the library takes 0 for none, and tells how long the process has been running
  const upTime = Math.max(1, Math.floor(upMs / MS_PER_TICK) % UPTIME_WRAPS);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    session.inform(notification.oid, varbinds, { upTime }, (error) => {
      signal.removeEventListener("abort", onAbort);
      if (error === null) resolve();
      else reject(refusal(error));
    });
  });
}

function varbind({ oid, type, value }: SnmpObject): Varbind {
  return { oid, type: TYPES[type], value: type === "counter64" ? counter64(Number(value)) : value };
}

/** The shortest whole number in two's complement that is not negative [X.690 §8.3.2]: the library takes bytes alone. */
function counter64(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt(value), 1);
  let start = 0;
  while (start < 8 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start++;
  return bytes.subarray(start);
}

const TYPES: Readonly<Record<SnmpObject["type"], number>> = {
  string: snmp.ObjectType.OctetString,
  unsigned32: snmp.ObjectType.Gauge,
  counter64: snmp.ObjectType.Counter64,
};

/** Its engine answered and the inform was passed over in silence, as receivers do that cannot decrypt it. */
function unread(): NotifyError {
  return new NotifyError("NOTIFY_SNMP_PRIVACY", "it is there and does not answer to what we encrypt");
}

/** The library's texts repeat digests and carry the user with its passphrases: none of them goes further than this. */
function refusal(error: Error): Error {
  if (error instanceof HalError || error instanceof NotifyError) return error;
  if (error.name === "RequestTimedOutError") {
    const tries = RETRIES + 1;
    return new NotifyError("NOTIFY_TIMEOUT", `no answer to ${tries} datagrams in ${(tries * RETRY_MS) / 1_000} s`);
  }
  const said = error.message;
  const code = "code" in error ? error.code : undefined;
  if (said.startsWith("Unknown User Name")) return new NotifyError("NOTIFY_SNMP_USER", "it does not know our user");
  if (said.startsWith("Unsupported Security Level")) {
    return new NotifyError("NOTIFY_SNMP_USER", "it has our user, but not with authentication and privacy");
  }
  if (said.startsWith("Wrong Digest") || code === snmp.ResponseInvalidCode["EAuthFailure"]) {
    return new NotifyError("NOTIFY_SNMP_AUTHENTICATION", "authentication does not agree");
  }
  if (said.startsWith("Decryption Error") || code === snmp.ResponseInvalidCode["ECouldNotDecrypt"]) {
    return new NotifyError("NOTIFY_SNMP_PRIVACY", "what one side encrypts the other cannot read");
  }
  if (said.startsWith("Not In Time Window") || code === snmp.ResponseInvalidCode["ENotInTimeWindow"]) {
    return new NotifyError("NOTIFY_SNMP_TIME", "it says that our message is too old");
  }
  return new NotifyError("NOTIFY_SNMP_REFUSED", "it answered something else than that it has the inform");
}
