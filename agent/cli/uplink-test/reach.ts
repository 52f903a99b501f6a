import { isIP } from "node:net";
import type { Clock } from "../../../hal/clock.ts";
import type { Route, WayFinder } from "../../../hal/way-finder.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { Tell } from "./finding.ts";

const ADDRESSES_SHOWN_MAX = 12;

/** Name and route of whoever the gateway connects to: the broker, or its proxy: its addresses, or undefined where one of them fails. */
export async function tellWay(
  clock: Clock,
  finder: WayFinder,
  { host, proxy }: BrokerSnapshot,
  interfaceName: string | undefined,
  tell: Tell,
): Promise<readonly string[] | undefined> {
  const whom = proxy?.host ?? host;
  const details = proxy === undefined ? [] : [`${host} is for the proxy to resolve`];
  const begunMs = clock.monotonicMs();
  const took = (): number => clock.monotonicMs() - begunMs;
  let addresses: readonly string[];
  if (isIP(whom) === 0) {
    try {
      addresses = await finder.lookup(whom);
    } catch (error) {
      const says = `no address is known for ${whom} (${codeOf(error)}); check the name and the gateway's name servers`;
      tell({ step: "name", outcome: "failed", says, code: "HAL_NAME_UNRESOLVED", tookMs: took(), details });
      return undefined;
    }
    const list = addresses.slice(0, ADDRESSES_SHOWN_MAX).join(", ");
    const more = addresses.length > ADDRESSES_SHOWN_MAX ? ` and ${addresses.length - ADDRESSES_SHOWN_MAX} more` : "";
    tell({ step: "name", outcome: "ok", says: `${whom} is ${list}${more}`, tookMs: took(), details });
  } else {
    addresses = [whom];
    tell({ step: "name", outcome: "ok", says: `${whom} is an address`, tookMs: took(), details });
  }
  return (await tellRoute(clock, finder, addresses, interfaceName, tell)) ? addresses : undefined;
}

async function tellRoute(
  clock: Clock,
  finder: WayFinder,
  addresses: readonly string[],
  interfaceName: string | undefined,
  tell: Tell,
): Promise<boolean> {
  const begunMs = clock.monotonicMs();
  const details: string[] = [];
  let first: Route | undefined;
  let refusal: unknown;
  for (const address of addresses.slice(0, ADDRESSES_SHOWN_MAX)) {
    try {
      const route = await finder.routeTo(address, interfaceName);
      first ??= route;
    } catch (error) {
      refusal ??= error;
      details.push(`no route to ${address} (${codeOf(error)})`);
    }
  }
  const tookMs = clock.monotonicMs() - begunMs;
  if (first === undefined) {
    const way = interfaceName === undefined ? "no route there" : `no way there by ${interfaceName}`;
    const says = `${way} (${codeOf(refusal)}); check cable, address, default gateway and interfaces.uplink`;
    tell({ step: "route", outcome: "failed", says, code: "HAL_CONNECT_UNREACHABLE", tookMs, details });
    return false;
  }
  const by = first.interfaceName === "" ? "" : ` by ${first.interfaceName}`;
  tell({ step: "route", outcome: "ok", says: `leaves${by} as ${first.localAddress}`, tookMs, details });
  return true;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
}
