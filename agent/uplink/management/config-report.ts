import type { ConfigMessage } from "../../contract/mqtt.ts";

export type ConfigFacts = Omit<ConfigMessage, "timeMs">;

/** The message; a report too long for a packet loses its last findings, which the gateway still shows in full. */
export function configBytes({ configDigest, configReport }: ConfigFacts, timeMs: number, bytesMax: number): Buffer {
  for (let kept = configReport?.findings.length ?? 0; ; kept--) {
    const report =
      configReport === null || kept < 0 ? null : { ...configReport, findings: configReport.findings.slice(0, kept) };
    const message: ConfigMessage = { configDigest, configReport: report, timeMs };
    const bytes = Buffer.from(JSON.stringify(message));
    if (bytes.length <= bytesMax || kept < 0) return bytes;
  }
}
