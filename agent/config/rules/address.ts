import type { Path } from "../findings.ts";
import type { Inquiry } from "./inquiry.ts";

const ADDRESSES = 65_536;

/** The address behind the last one, and the last, as the file counts them. */
export function addressesFrom(base: 0 | 1): { readonly addresses: number; readonly last: number } {
  return { addresses: ADDRESSES + base, last: ADDRESSES + base - 1 };
}

/** True: it is one. @param path of the point */
export function checkBase(address: number, base: 0 | 1, path: Path, inquiry: Inquiry): boolean {
  if (address >= base) return true;
  const message = `address ${address} does not exist on a device whose addresses are written from ${base}`;
  const hint = "write the address as the manual has it, or delete `addressBase: 1` from the device";
  inquiry.say("CONFIG_ADDRESS_BASE", [...path, "address"], message, hint);
  return false;
}
