import { dirname, join } from "node:path";
import type { ConfigFinding, ConfigReport } from "./report.ts";

/** Which file a finding is about, named as the report names its own, so that it can be opened. */
export function fileOfFinding(report: Pick<ConfigReport, "file">, { file }: Pick<ConfigFinding, "file">): string {
  return file === undefined ? report.file : join(dirname(report.file), file);
}
