import type { Clock } from "../../hal/clock.ts";
import { HalError } from "../../hal/error.ts";
import type { Network } from "../../hal/network.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import type { BdSeq } from "./bd-seq.ts";
import type { BrokerCredentials, CredentialSource, KeyExchange } from "./credentials.ts";
import type { Connection } from "./mqtt/connection.ts";
import { UplinkError } from "./mqtt/fault.ts";
import { openConnection } from "./mqtt/open-connection.ts";
import type { ProtocolVersion } from "./mqtt/protocol.ts";
import { afterAttemptAt } from "./mqtt/reach.ts";
import { nodeDeath } from "./session/birth.ts";
import { hearLater } from "./session/hearing.ts";
import type { Unheard } from "./session/hearing.ts";
import type { Inbox } from "./session/inbox.ts";
import { nodeTopic } from "./sparkplug/topic.ts";
import type { EdgeNodeId } from "./sparkplug/topic.ts";
import { recordFault } from "./state.ts";
import type { UplinkState } from "./state.ts";
import { afterHandshake, isStall, keyExchangeOf } from "./way/hybrid.ts";
import type { WayMemory } from "./way/memory.ts";
import type { Way } from "./way/way.ts";

export interface DialParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly credentials: CredentialSource;
  readonly bdSeq: { next(): Promise<BdSeq> };
  readonly memory: WayMemory;
  readonly state: UplinkState;
}

/** An open connection and what its CONNECT said. */
export interface Dialed {
  readonly connection: Connection;
  /** the number in its Will */
  readonly bdSeq: number;
  readonly keyExchange: KeyExchange;
}

/**
 * One attempt on one way, and what it teaches about the hybrid key exchange there.
 * @throws {UplinkError | HalError} why it failed; the signal's reason where it aborts
 */
export async function dial(
  parts: DialParts,
  way: Way,
  id: EdgeNodeId,
  version: ProtocolVersion,
  inbox: Inbox,
  signal: AbortSignal,
): Promise<Dialed> {
  const { clock, state, memory } = parts;
  const { broker, interfaceName } = way;
  const { hybrid, shunned } = memory.of(way);
  const keyExchange = keyExchangeOf(hybrid, broker.hybridOnly, clock.monotonicMs());
  let bdSeq = 0;
  let shaken = false;
  let stalled = false;
  let opened = false;
  const reached: string[] = [];
  try {
    const connection = await openConnection(
      parts,
      {
        broker,
        interfaceName,
        shunned,
        credentials: await credentialsOf(parts, broker, keyExchange),
        keepaliveS: broker.keepaliveS,
        version,
        async will() {
          const next = await parts.bdSeq.next();
          bdSeq = next.value;
          if (next.notStored !== undefined) recordFault(state, clock, notStored(next.notStored), broker);
          return { topic: nodeTopic(id, "NDEATH"), payload: Buffer.from(nodeDeath(bdSeq, clock.wall().unixMs)) };
        },
        filters: inbox.filters,
        subscribeRefused(filters) {
          const heard = `the broker refused to let us hear ${filters.join(", ")}`;
          recordFault(state, clock, new UplinkError("UPLINK_SUBSCRIBE_REFUSED", heard), broker);
        },
        message: inbox.message,
        oversize: inbox.oversize,
        watch: {
          begun() {},
          taken(taken) {
            if (taken.step === "tls") shaken = true;
            if (taken.step === "tcp" && taken.remoteAddress !== "") reached.push(taken.remoteAddress);
          },
        },
      },
      signal,
    );
    if (inbox.unheard !== undefined) {
      recordFault(state, clock, unheardFor(inbox.unheard), broker);
      hearLater(clock, connection, inbox.unheard);
    }
    opened = true;
    return { connection, bdSeq, keyExchange };
  } catch (error) {
    stalled = isStall(error);
    throw error;
  } finally {
    const result = shaken ? "done" : stalled ? "stalled" : "other";
    await memory.learn(way, {
      hybrid: afterHandshake(hybrid, keyExchange, result, clock.monotonicMs()),
      ...(signal.aborted ? {} : { shunned: afterAttemptAt(shunned, reached, opened) }),
    });
  }
}

/** @throws {HalError} as the material says @throws {UplinkError} `UPLINK_MATERIAL_FAILED` for whatever else it fails with */
async function credentialsOf(
  { credentials }: DialParts,
  broker: BrokerSnapshot,
  keyExchange: KeyExchange,
): Promise<BrokerCredentials> {
  try {
    return await credentials(broker, keyExchange);
  } catch (error) {
    if (error instanceof HalError) throw error;
    throw new UplinkError("UPLINK_MATERIAL_FAILED", messageOf(error), { cause: error });
  }
}

function unheardFor({ filters, forMs }: Unheard): UplinkError {
  const said = `what is published on ${filters.join(" or ")} ends every connection by its length`;
  return new UplinkError("UPLINK_COMMANDS_UNHEARD", `${said}: not listened to for ${Math.ceil(forMs / 60_000)} min`);
}

function notStored(cause: unknown): UplinkError {
  return new UplinkError("UPLINK_STATE_FAILED", `bdSeq could not be stored: ${messageOf(cause)}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
