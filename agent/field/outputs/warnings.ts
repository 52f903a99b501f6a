import type { PointRef } from "../../config/snapshot/expression.ts";
import type { OutputsStatus } from "../../contract/outputs.ts";

type Warning = OutputsStatus["warnings"][number];

const MESSAGE_CHARS_MAX = 512;

/** @param fault why the state is not on disk @param given outputs without their last command, and why */
export function ownWarnings(fault: string | undefined, given: ReadonlyMap<PointRef, string>): readonly Warning[] {
  const warnings = [...given].map(([device, why]) =>
    warning("OUTPUT_NOT_RESTORED", device, `its last command was not given again after the start: ${why}`),
  );
  if (fault === undefined) return warnings;
  const lost = `what is held and planned is not on disk, and lost at the next restart: ${fault}`;
  return [warning("OUTPUTS_NOT_STORED", "", lost), ...warnings];
}

function warning(code: string, device: string, message: string): Warning {
  return { code, device, message: message.slice(0, MESSAGE_CHARS_MAX) };
}
