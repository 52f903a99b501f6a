import { deviceHost } from "../peers/device-host.ts";
import { GATEWAY } from "../peers/identities.ts";
import type { PemPaths } from "../peers/pki.ts";

/** A gateway configuration as a person would write it: block style, every point by name. */
export interface JobOptions {
  readonly broker: { readonly port: number; readonly material: PemPaths };
  readonly buses: readonly string[];
}

export interface TcpJob {
  readonly devices: number;
  readonly registers: number;
  readonly pollMs: number;
  readonly port: number;
}

export function configText({ broker, buses }: JobOptions): string {
  return `# written by the bench
site: ${GATEWAY.site}
device: ${GATEWAY.device}
uplink:
  broker:
    url: mqtts://127.0.0.1:${broker.port}
    anchors: ${broker.material.anchors}
    certificate: ${broker.material.certificate}
    key: ${broker.material.key}
buses:
${buses.join("")}`;
}

/** One bus per device, all registers of a device in one request. */
export function tcpBuses(job: TcpJob): readonly string[] {
  return Array.from({ length: job.devices }, (_, index) => {
    const bus = `  - name: bus-${index + 1}
    tcp:
      host: ${deviceHost(index)}
      port: ${job.port}
    devices:
`;
    return bus + device(`device-${index + 1}`, 1, job);
  });
}

/** One serial line. */
export function rtuBus(job: {
  readonly path: string;
  readonly baudRate: number;
  readonly units: readonly number[];
  readonly registers: number;
  readonly pollMs: number;
}): string {
  const bus = `  - name: line-1
    rtu:
      path: ${job.path}
      baudRate: ${job.baudRate}
      parity: even
    devices:
`;
  return bus + job.units.map((unit) => device(`device-${unit}`, unit, job)).join("");
}

function device(name: string, unit: number, job: { readonly registers: number; readonly pollMs: number }): string {
  const points = Array.from(
    { length: job.registers },
    (_, address) => `          - name: register-${address}
            table: holding-register
            address: ${address}
`,
  );
  return `      - name: ${name}
        unit: ${unit}
        pollMs: ${job.pollMs}
        points:
${points.join("")}`;
}
