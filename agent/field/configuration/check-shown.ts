import { SHOWN_MAX } from "../../contract/shown.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Points for the Modbus server. One that does not exist is no harm: it has no value.
 * @throws {ConfigurationError}
 */
export function checkShown(field: Fields): void {
  const shown = field.raw("shown");
  if (shown === undefined) return;
  const sound =
    Array.isArray(shown) &&
    shown.length <= SHOWN_MAX &&
    shown.every((ref) => typeof ref === "string" && REFERENCE.test(ref));
  if (sound && new Set(shown).size === shown.length) return;
  const wanted = `at most ${SHOWN_MAX} different texts device/point are wanted`;
  throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${field.where}.shown is something else: ${wanted}`);
}
