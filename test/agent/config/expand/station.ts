import { UPLINK } from "./folder.ts";
import type { Folder } from "./folder.ts";

/** The file that all stations share. */
export const STATION = `variables:
  site: { type: text, description: where the station stands }
  device: { type: text }
  well-height: { type: number, default: 3 }
  line: /dev/ttyS1
templates:
  pump:
    parameters:
      unit: { type: number, description: unit id }
      name: { type: text }
      pollMs: 1000
    body:
      name: \${name}
      unit: \${unit}
      pollMs: \${pollMs}
      points:
        - use: running
        - { name: speed, table: input-register, address: 0, unit: "rpm \${name}" }
  running:
    body:
      - { name: running, table: discrete-input, address: 0 }
      - { name: fault, table: discrete-input, address: 1 }
site: \${site}
device: \${device}
${UPLINK}buses:
  - name: line-1
    rtu: { path: "\${line}" }
    devices:
      - use: pump
        with: { unit: 1, name: pump-1 }
      - use: pump
        with: { unit: 2, name: pump-2, pollMs: 500 }
        timeoutMs: 400
      - name: well
        unit: 3
        points: { csv: maps/well.csv }
`;

export const WELL_CSV = `name,table,address,type,scale,unit,high,output.low,output.high
level,input-register,0,int16,0.01,m,\${well-height},,
"7",input-register,1,,,"m3/h, net",,,
setpoint,holding-register,2,,,,,1,1000
`;

export const UNIT = `extends: station.yaml
variables:
  site: riverside
  device: gw-017
  well-height: 3.2
`;

export const FOLDER: Folder = { "gateway.yaml": UNIT, "station.yaml": STATION, "maps/well.csv": WELL_CSV };

/** What somebody would write by hand who has no templates. */
export const BY_HAND = `site: riverside
device: gw-017
${UPLINK}buses:
  - name: line-1
    rtu: { path: /dev/ttyS1 }
    devices:
      - name: pump-1
        unit: 1
        pollMs: 1000
        points:
          - { name: running, table: discrete-input, address: 0 }
          - { name: fault, table: discrete-input, address: 1 }
          - { name: speed, table: input-register, address: 0, unit: "rpm pump-1" }
      - name: pump-2
        unit: 2
        pollMs: 500
        timeoutMs: 400
        points:
          - { name: running, table: discrete-input, address: 0 }
          - { name: fault, table: discrete-input, address: 1 }
          - { name: speed, table: input-register, address: 0, unit: "rpm pump-2" }
      - name: well
        unit: 3
        points:
          - { name: level, table: input-register, address: 0, type: int16, scale: 0.01, unit: m, high: 3.2 }
          - { name: "7", table: input-register, address: 1, unit: "m3/h, net" }
          - { name: setpoint, table: holding-register, address: 2, output: { low: 1, high: 1000 } }
`;
