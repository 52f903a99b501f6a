import type { PointType } from "../../contract/point.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { Point } from "../schema/point.ts";
import type { Table } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkRange } from "./range.ts";

type Output = NonNullable<Point["output"]>;
type Write = NonNullable<Output["write"]>;

/** @see Modbus application protocol V1.1b3 §6.12 */
const WRITE_REGISTERS_MAX = 123;

/** What is written: where, as what, how many registers. */
export interface Target {
  readonly table: Table;
  readonly type: PointType;
  readonly count: number;
}

/** What holds for one output. */
export function checkOutput(output: Loose<Output>, target: Target, path: Path, inquiry: Inquiry): void {
  if (target.table === "discrete-input" || target.table === "input-register") {
    const message = `no Modbus function writes to the table ${target.table}`;
    const writable = target.table === "discrete-input" ? "coil" : "holding-register";
    const hint = `delete the output, or take the ${writable} that the device documents for it`;
    inquiry.say("CONFIG_OUTPUT_READ_ONLY", path, message, hint, "key");
    return;
  }
  if (target.type === "int8" || target.type === "uint8") {
    const message = `an ${target.type} is half a register, and writing it would overwrite the other half`;
    inquiry.say("CONFIG_OUTPUT_WRITE", path, message, "declare the whole register as an output, or delete it", "key");
    return;
  }
  if (target.count > WRITE_REGISTERS_MAX) {
    const message = `this ${target.type} takes ${target.count} registers, Modbus writes at most ${WRITE_REGISTERS_MAX} at once`;
    inquiry.say(
      "CONFIG_OUTPUT_WRITE",
      path,
      message,
      `delete the output, or write \`length: ${WRITE_REGISTERS_MAX}\``,
      "key",
    );
  }
  const fitting = fittingWrites(target);
  if (output.write !== undefined && !fitting.includes(output.write)) {
    const message = `"${output.write}" cannot write ${described(target)}`;
    const hint = `write ${fitting.join(" or ")}, or delete the line`;
    inquiry.say("CONFIG_OUTPUT_WRITE", [...path, "write"], message, hint);
  }
  if (target.type === "bool" || target.type === "string") {
    for (const key of ["low", "high", "ratePerSecondMax"] as const) {
      if (output[key] === undefined) continue;
      const message = `${quote(key)} has no effect on a ${target.type}`;
      inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line", "key");
    }
    return;
  }
  checkRange(output, path, inquiry);
}

/**
 * The functions that write a target and nothing beside it, the usual one first. Only a mask leaves the other 15 bits of
 * a register as they are.
 */
export function fittingWrites(target: Target): readonly Write[] {
  if (target.table === "coil") return ["single", "multiple"];
  if (target.type === "bool") return ["mask"];
  return target.count === 1 ? ["single", "multiple"] : ["multiple"];
}

function described(target: Target): string {
  if (target.table === "coil") return "a coil";
  if (target.type === "bool") return "one bit and leave the other 15 of its register alone";
  return target.count === 1 ? "a whole register" : `${target.count} registers at once`;
}
