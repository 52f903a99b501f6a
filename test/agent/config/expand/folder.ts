import { compileConfig, expandConfig } from "../../../../agent/config/index.ts";
import type { Compiled } from "../../../../agent/config/index.ts";
import type { Snapshot } from "../../../../agent/config/snapshot.ts";
import type { ConfigFinding } from "../../../../agent/contract/report.ts";

/** A configuration in several files, by their names; `gateway.yaml` is the first. */
export type Folder = Readonly<Record<string, string>>;

const FIRST = "/etc/holdfast/gateway.yaml";

function reader(folder: Folder): (path: string) => string {
  return (path) => {
    const text = folder[path.replace("/etc/holdfast/", "")];
    if (text === undefined) throw new Error("no such file");
    return text;
  };
}

export function compileFolder(folder: Folder): Compiled {
  return compileConfig(folder["gateway.yaml"] ?? "", FIRST, reader(folder));
}

export function snapshotOfFolder(folder: Folder): Snapshot {
  const compiled = compileFolder(folder);
  if ("report" in compiled) throw new Error(`refused: ${JSON.stringify(compiled.report.findings, undefined, 1)}`);
  return compiled.snapshot;
}

export function findingsOfFolder(folder: Folder): readonly ConfigFinding[] {
  const compiled = compileFolder(folder);
  return "report" in compiled ? compiled.report.findings : [];
}

/** Each finding as `file:line:column CODE`. */
export function placesOfFolder(folder: Folder): readonly string[] {
  return findingsOfFolder(folder).map(
    ({ file = "gateway.yaml", line, column, code }) => `${file}:${line}:${column} ${code}`,
  );
}

export function expandedFolder(folder: Folder): string {
  const expanded = expandConfig(folder["gateway.yaml"] ?? "", FIRST, reader(folder));
  if ("report" in expanded) throw new Error(`refused: ${JSON.stringify(expanded.report.findings, undefined, 1)}`);
  return expanded.text;
}

export const UPLINK = `uplink:
  broker:
    url: mqtts://broker.example.org
    anchors: pki/ca.pem
    certificate: pki/gateway.pem
    key: pki/gateway.key
`;

/** A station with one serial line, whose devices are given. */
export function station(devices: string): string {
  return `site: riverside\ndevice: gateway-1\n${UPLINK}buses:\n  - name: line-1\n    rtu: { path: /dev/ttyS1 }\n    devices:\n${devices}`;
}
