import { HalError } from "../hal/error.ts";
import type { NetworkStream, TcpTarget } from "../hal/network.ts";

export interface NamedTarget {
  readonly target: TcpTarget;
  /** of its name, in the order in which they are tried */
  readonly addresses: readonly string[];
  /** whether nobody answers at an address, not even with a refusal */
  readonly silent: (address: string) => boolean;
}

/**
 * The first address of a name that is connected to. Silent ones come last, as they hold up no other where attempts overlap.
 * @throws {HalError} what the last of them was refused with, or `HAL_NAME_UNRESOLVED` where none is left
 */
export async function connectByName(
  { target, addresses, silent }: NamedTarget,
  connectTo: (target: TcpTarget) => Promise<NetworkStream>,
): Promise<NetworkStream> {
  let refusal = new HalError("HAL_NAME_UNRESOLVED", `${target.host} has no address left to try`);
  const left = addresses.filter((address) => target.except?.includes(address) !== true);
  for (const host of left.toSorted((a, b) => Number(silent(a)) - Number(silent(b)))) {
    try {
      return await connectTo({ ...target, host });
    } catch (error) {
      if (!(error instanceof HalError)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
