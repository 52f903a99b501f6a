import { parse, stringify } from "yaml";
import { compileConfig } from "../../../agent/config/compile.ts";
import type { Compiled } from "../../../agent/config/compile.ts";
import type { Snapshot } from "../../../agent/config/snapshot.ts";
import type { ConfigFinding } from "../../../agent/contract/report.ts";

/** A small right file: one serial line with two pumps, one socket. */
export const RIGHT = `site: riverside
device: gateway-1
uplink:
  broker:
    url: mqtts://broker.example.org
    anchors: pki/ca.pem
    certificate: pki/gateway.pem
    key: /etc/holdfast/gateway.key
buses:
  - name: line-1
    rtu:
      path: /dev/ttyS1
    devices:
      - name: pump-1
        unit: 1
        points:
          - name: speed
            table: input-register
            address: 0
      - name: pump-2
        unit: 2
        points:
          - name: speed
            table: input-register
            address: 0
  - name: meter
    tcp:
      host: 192.0.2.10
    devices:
      - name: meter-1
        unit: 1
        points:
          - name: power
            table: holding-register
            address: 100
            type: float32
`;

const FILE_NAME = "/etc/holdfast/gateway.yaml";

export function compile(text: string): Compiled {
  return compileConfig(text, FILE_NAME);
}

/** The file with values put at paths such as `buses.0.devices.1.unit`; undefined deletes. */
export function edited(edits: Readonly<Record<string, unknown>>): string {
  const file = parse(RIGHT) as Record<string, unknown>;
  for (const [path, value] of Object.entries(edits)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, file);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return stringify(file, { aliasDuplicateObjects: false });
}

export function snapshotOf(text: string): Snapshot {
  const compiled = compile(text);
  if ("report" in compiled) throw new Error(`refused: ${JSON.stringify(compiled.report.findings)}`);
  return compiled.snapshot;
}

export function findingsOf(text: string): readonly ConfigFinding[] {
  const compiled = compile(text);
  return "report" in compiled ? compiled.report.findings : [];
}

/** Each finding as `code path`. */
export function refusals(text: string): readonly string[] {
  return findingsOf(text).map((finding) => `${finding.code} ${finding.path}`.trimEnd());
}

/** The only finding, where there is exactly one. */
export function onlyFinding(text: string): ConfigFinding {
  const findings = findingsOf(text);
  const [finding] = findings;
  if (finding === undefined || findings.length > 1)
    throw new Error(`one finding expected, got ${JSON.stringify(findings)}`);
  return finding;
}
