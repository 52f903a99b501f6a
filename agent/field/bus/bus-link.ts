import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import type { HalError } from "../../../hal/error.ts";
import type { Network } from "../../../hal/network.ts";
import type { Serial } from "../../../hal/serial.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import type { Counters } from "./counters.ts";
import type { Link, LinkListener } from "./link.ts";
import { openListeningLink } from "./listening-link.ts";
import type { ListeningLink } from "./listening-link.ts";
import { openSerialLink } from "./serial-link.ts";
import { openTcpLink } from "./tcp-link.ts";
import { watchedSerial } from "./watched-serial.ts";
import type { Witness } from "./witness.ts";

/** Who wants to know how the opening goes, and what is heard. */
export interface LinkAudience {
  readonly listener: LinkListener;
  readonly witness: Witness | undefined;
  /** whether this unit owes an answer that timed out */
  readonly owes: (unit: number) => boolean;
  /** An attempt begins. */
  trying(): void;
  /** Nobody answers, and further attempts are being made. */
  unanswered(error: HalError): void;
}

/**
 * Opens the line or socket of a bus. What a bus that only listens gets has no way to send.
 * @throws {HalError} what opening it can be refused with
 */
export function openBusLink(
  parts: {
    readonly clock: Clock;
    readonly entropy: Entropy;
    readonly network: Network;
    readonly serial: Serial;
    readonly counters: Counters;
  },
  { transport, devices, listenOnly }: BusSnapshot,
  { listener, witness, owes, trying, unanswered }: LinkAudience,
  stop: AbortSignal,
): Promise<Link | ListeningLink> {
  if (transport.kind === "tcp") {
    const patienceMs = Math.max(...devices.map(({ timeoutMs }) => timeoutMs));
    const answeredAs = (asked: number, unit: number): void => witness?.answeredAs(asked, unit);
    return openTcpLink({ ...parts, answeredAs }, transport, owes, listener, { patienceMs, trying, unanswered }, stop);
  }
  const serial = witness === undefined ? parts.serial : watchedSerial(parts.serial, witness);
  trying();
  if (listenOnly === true) {
    return openListeningLink(serial, transport, (code, message) => listener.lost(code, message));
  }
  return openSerialLink({ ...parts, serial }, transport, owes, listener);
}
