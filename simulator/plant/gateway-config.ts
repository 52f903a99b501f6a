import { STATION_RULES } from "./gateway-rules.ts";
import type { StationPorts } from "./serve.ts";

export interface StationConfigOptions {
  readonly site: string;
  readonly device: string;
  readonly rtuPath: string;
  readonly tcpHost: string;
  readonly tcpPorts: StationPorts;
  /** `url` as in the file; the rest are paths of PEM files */
  readonly broker: {
    readonly url: string;
    readonly anchors: string;
    readonly certificate: string;
    readonly key: string;
  };
  /** the network keeps the broker behind a proxy, and there is another one outside */
  readonly detour?: { readonly proxyUrl: string; readonly fallbackUrl: string };
  /** with a fail-safe plan, derived points and alarms */
  readonly rules?: boolean;
  /** the text of `notify:`, where somebody is to be told of alarms */
  readonly notify?: string;
}

/** `gateway.yaml` for a gateway at the pumping station, as the person who commissions it would write it. */
export function pumpingStationConfig({
  site,
  device,
  rtuPath,
  tcpHost,
  tcpPorts,
  broker,
  detour,
  rules = false,
  notify = "",
}: StationConfigOptions): string {
  return `# Pumping station: four devices on a serial line, three behind two sockets.
site: ${quote(site)}
device: ${quote(device)}

uplink:
  broker:
    url: ${quote(broker.url)}
    anchors: ${quote(broker.anchors)}
    certificate: ${quote(broker.certificate)}
    key: ${quote(broker.key)}
${detour === undefined ? "" : around(detour)}
buses:
  - name: station-line
    rtu: { path: ${quote(rtuPath)}, baudRate: 19200, parity: even }
    devices:
${[1, 2].map((number) => drive(number, rules)).join("")}
      - name: discharge-valve
        unit: 3
        pollMs: 500
        points:
          - { name: position, table: input-register, address: 0, type: uint16, scale: 0.1, unit: "%", low: 0, high: 100 }
          - { name: strokes, table: input-register, address: 1, type: uint32, wordOrder: little }
          - { name: open-limit, table: discrete-input, address: 0 }
          - { name: closed-limit, table: discrete-input, address: 1 }
          - name: position-setpoint
            table: holding-register
            address: 0
            type: uint16
            scale: 0.1
            unit: "%"
            output: { low: 0, high: 100 }

      - name: level-transmitter
        unit: 4
        pollMs: 500
        points:
          - { name: well-level, table: input-register, address: 0, type: float32, unit: m, low: 0, high: 3, deadband: 0.005 }
          - { name: pressure, table: input-register, address: 2, type: float32, unit: kPa, deadband: 0.05 }
          - { name: temperature, table: input-register, address: 4, type: int16, scale: 0.1, unit: °C, pollMs: 5000 }
          - { name: tag, table: holding-register, address: 0, type: string, length: 4, pollMs: 60000 }

  - name: flow-meter-socket
    tcp: { host: ${quote(tcpHost)}, port: ${tcpPorts.flow} }
    devices:
      - name: flow-meter
        unit: 1
        pollMs: 500
        points:
          - { name: flow, table: input-register, address: 0, type: float32, wordOrder: little, unit: m3/h, low: 0, high: 400, deadband: 0.5 }
          - { name: velocity, table: input-register, address: 2, type: float32, wordOrder: little, unit: m/s, deadband: 0.01 }
          - { name: total-volume, table: input-register, address: 4, type: float64, unit: m3, deadband: 0.1 }
          - { name: flow-fine, table: input-register, address: 8, type: int32, wordOrder: little, scale: 0.001, unit: l/s, deadband: 0.1 }

  - name: panel
    tcp: { host: ${quote(tcpHost)}, port: ${tcpPorts.panel} }
    devices:
      - name: station-plc
        unit: 1
        requests: { optimise: max-insert, insertMax: 4 }
        points:
          - { name: automatic, table: coil, address: 0, output: {} }
          - { name: not-dry, table: discrete-input, address: 0 }
          - { name: stop-level-reached, table: discrete-input, address: 1 }
          - { name: start-level-reached, table: discrete-input, address: 2 }
          - { name: standby-level-reached, table: discrete-input, address: 3 }
          - { name: high-alarm, table: discrete-input, address: 4 }
          - { name: pump-2-on-duty, table: discrete-input, address: 5 }
          - { name: pump-tripped, table: discrete-input, address: 6 }
          - { name: overflowed, table: discrete-input, address: 7 }
          - { name: start-level, table: holding-register, address: 0, type: float32, unit: m, output: { low: 0.4, high: 2.8 } }
          - { name: stop-level, table: holding-register, address: 2, type: float32, unit: m, output: { low: 0.4, high: 2.8 } }
          - { name: standby-level, table: holding-register, address: 4, type: float32, unit: m, output: { low: 0.4, high: 2.8 } }
          - { name: station-name, table: holding-register, address: 100, type: string, length: 8, pollMs: 60000 }
          - { name: tank-level, table: input-register, address: 0, type: float32, unit: m, low: 0, high: 4, deadband: 0.005 }
          - { name: tank-volume, table: input-register, address: 2, type: float32, wordOrder: little, byteOrder: little, unit: m3, deadband: 0.2 }
          - { name: demand, table: input-register, address: 4, type: float32, unit: m3/h, deadband: 0.2 }
          - { name: life-sign, table: input-register, address: 6, type: uint16 }
      - name: energy-meter
        unit: 2
        points:
          - { name: energy, table: input-register, address: 0, type: uint64, unit: Wh }
          - { name: power, table: input-register, address: 4, type: int32, unit: W, deadband: 20 }
          - { name: reactive-power, table: input-register, address: 6, type: int32, unit: var, deadband: 20 }
          - { name: voltage-l1, table: input-register, address: 8, type: float32, unit: V, low: 207, high: 253, deadband: 0.2 }
          - { name: voltage-l2, table: input-register, address: 10, type: float32, unit: V, low: 207, high: 253, deadband: 0.2 }
          - { name: voltage-l3, table: input-register, address: 12, type: float32, unit: V, low: 207, high: 253, deadband: 0.2 }
          - { name: current-l1, table: input-register, address: 14, type: float32, unit: A, deadband: 0.1 }
          - { name: current-l2, table: input-register, address: 16, type: float32, unit: A, deadband: 0.1 }
          - { name: current-l3, table: input-register, address: 18, type: float32, unit: A, deadband: 0.1 }
          - { name: power-factor, table: input-register, address: 20, type: float32, deadband: 0.01 }
${rules ? STATION_RULES : ""}${notify}`;
}

/** What the uplink needs where the network is somebody else's; a return every ten seconds is for people who watch. */
function around({ proxyUrl, fallbackUrl }: NonNullable<StationConfigOptions["detour"]>): string {
  return `    proxy: { url: ${quote(proxyUrl)} }
  fallbacks:
    - { url: ${quote(fallbackUrl)}, direct: true }
  returnMs: 10000
`;
}

/** What must hold before anything unattended starts a pump. */
const PUMP_GUARD = `{
              intervalMsMin: 2000,
              remoteEnable: 'not [station-plc/automatic]',
              permissives: [ { when: '[level-transmitter/well-level] > 0.4', text: the well is too low to pump } ],
            }`;

const COMMUNICATION_LOSS = `          - { name: communication-loss, table: holding-register, address: 2, unit: s, pollMs: 10000 }
`;

function drive(number: number, rules: boolean): string {
  return `      - name: pump-${number}
        unit: ${number}
        pollMs: 500
${rules ? "        communicationLossTimer: { point: communication-loss }\n" : ""}        requests: { optimise: max-insert, insertMax: 2 }
        points:
          - { name: run-command, table: coil, address: 0, output: ${rules ? PUMP_GUARD : "{}"} }
${rules ? COMMUNICATION_LOSS : ""}          - { name: running, table: discrete-input, address: 0 }
          - { name: tripped, table: discrete-input, address: 1 }
          - { name: frequency-setpoint, table: holding-register, address: 1, type: uint16, scale: 0.01, unit: Hz, output: { low: 0, high: 50 } }
          - { name: trip-reset, table: holding-register, address: 0, type: bool, bit: 1, pollMs: 5000, output: {} }
          - { name: at-speed, table: input-register, address: 0, type: bool, bit: 3 }
          - { name: frequency, table: input-register, address: 1, type: uint16, scale: 0.01, unit: Hz, deadband: 0.05 }
          - { name: speed, table: input-register, address: 2, type: uint16, unit: rpm, deadband: 2 }
          - { name: current, table: input-register, address: 3, type: uint16, scale: 0.01, unit: A, low: 0, high: 45, deadband: 0.05 }
          - { name: power, table: input-register, address: 4, type: int16, scale: 0.01, unit: kW, deadband: 0.02 }
          - { name: motor-temperature, table: input-register, address: 5, type: int16, scale: 0.1, unit: °C, low: -20, high: 110, deadband: 0.2 }
          - { name: run-time, table: input-register, address: 6, type: uint32, unit: s }
          - { name: starts, table: input-register, address: 8, type: uint32 }
          - name: nameplate
            table: holding-register
            address: 100
            type: record
            template: pump-nameplate
            pollMs: 60000
            members:
              - { name: maker, at: 0, type: string, length: 8 }
              - { name: serial, at: 8, type: uint32 }
              - { name: rated-power, at: 10, type: float32, unit: kW }
              - { name: rated-speed, at: 12, unit: rpm }
          - name: pump-curve
            table: holding-register
            address: 120
            type: record
            rows: 5
            pollMs: 60000
            members:
              - { name: flow, at: 0, type: float32, unit: m3/h }
              - { name: head, at: 2, type: float32, unit: m }
`;
}

/** A double-quoted YAML 1.2 scalar: JSON strings are just that. */
function quote(text: string): string {
  return JSON.stringify(text);
}
