import { OUTPUTS_MAX } from "../../contract/outputs.ts";
import { checkExpression, POINT_REF } from "./check-expression.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

const DAY_MS = 86_400_000;
const PERMISSIVES_MAX = 16;
const TEXT = /^[^\p{Cc}\u2028\u2029]{1,128}$/u;
const RECOVERIES = ["leave", "plan", "last-commanded"] as const;
/** @see Modbus application protocol V1.1b3 §6.12 */
const WRITE_REGISTERS_MAX = 123;

/** @param bits whether its table holds single bits @throws {ConfigurationError} where a write would be another one */
export function checkOutput(point: Fields, table: string, bits: boolean): void {
  const output = point.object("output");
  const write = output.oneOf("write", ["single", "multiple", "mask"]);
  output.optionalNumber("low");
  output.optionalNumber("high");
  if (table === "discrete-input" || table === "input-register") refuse(output, `a ${table} cannot be written`);
  if (point.raw("type") === "int8" || point.raw("type") === "uint8") refuse(output, "the other half of its register");
  if (write === "mask" && (bits || !point.has("bit")))
    refuse(output, "function 22 writes one bit of a holding register");
  // writing the whole register would overwrite its other bits with a guess
  if (write !== "mask" && point.has("bit")) refuse(output, "a bit of a register is written with function 22, mask");
  if (write === "single" && !bits && point.raw("count") !== 1) refuse(output, "function 6 writes one register");
  if (write === "multiple" && (point.raw("count") as number) > WRITE_REGISTERS_MAX)
    refuse(output, "function 16 writes up to 123");
  if (output.has("guard")) checkGuard(output.object("guard"));
}

function checkGuard(guard: Fields): void {
  if (guard.has("ratePerSecondMax") && guard.number("ratePerSecondMax") <= 0) refuse(guard, "a rate of 0 or less");
  guard.integer("intervalMsMin", 0, DAY_MS);
  if (guard.has("remoteEnable")) checkExpression(guard.object("remoteEnable"));
  for (const permissive of guard.list("permissives", PERMISSIVES_MAX)) {
    checkExpression(permissive.object("when"));
    if (permissive.has("text")) permissive.text("text", TEXT);
  }
  excludesOf(guard);
  guard.integer("readBackMsMax", 100, DAY_MS * 3);
  guard.oneOf("onStart", RECOVERIES);
  guard.oneOf("onRestart", RECOVERIES);
  if (guard.has("uplinkLostPlanMs")) guard.integer("uplinkLostPlanMs", 1_000, 30 * DAY_MS);
  guard.oneOf("onHold", ["leave", "plan"]);
}

/** Outputs that a guard names. @throws {ConfigurationError} */
export function excludesOf(guard: Fields): readonly string[] {
  const excludes = guard.raw("excludes");
  const sound =
    Array.isArray(excludes) &&
    excludes.length <= OUTPUTS_MAX &&
    excludes.every((ref) => typeof ref === "string" && POINT_REF.test(ref));
  return sound ? (excludes as readonly string[]) : refuse(guard, "excludes is no list of outputs, as device/point");
}

function refuse({ where }: Fields, why: string): never {
  throw new ConfigurationError("CONFIG_OUTPUT_INVALID", `${where}: ${why}`);
}
