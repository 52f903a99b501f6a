import { compileConfig } from "../../agent/config/index.ts";
import type { Network } from "../../hal/network.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { ModbusDevice, serveTcp } from "../../simulator/modbus/index.ts";

export const BROKER_HOST = "broker.test";
const PLANT_HOST = "plant.test";
const DEVICES = 2;
const POINTS = 10;
const POLL_MS = 10_000;
/** By exception: an unchanged value is said once an hour. */
const HEARTBEAT_MS = 3_600_000;

/** Every register of the site, to be changed. */
export async function openSmallPlant(clock: VirtualClock, network: Network, opened: AsyncDisposableStack) {
  const registers: { value: number }[] = [];
  const devices = Array.from({ length: DEVICES }, (_, i) => {
    const device = new ModbusDevice({ unit: i + 1, clock, entropy: seededEntropy(i) });
    for (let address = 0; address < POINTS; address++) {
      const register = { value: 100 };
      registers.push(register);
      device.holdingRegisters.define(address, { size: 1, read: () => [register.value] });
    }
    return device;
  });
  opened.use(await serveTcp({ clock, network, target: { kind: "tcp", host: PLANT_HOST, port: 502 }, devices }));
  return registers;
}

/** Its configuration, compiled: the defaults wherever the site says nothing. */
export function smallSite(keepaliveS: number): object {
  const points = Array.from(
    { length: POINTS },
    (_, address) =>
      `          - { name: value-${address}, table: holding-register, address: ${address}, heartbeatMs: ${HEARTBEAT_MS} }\n`,
  ).join("");
  const devices = Array.from(
    { length: DEVICES },
    (_, i) => `      - name: device-${i + 1}
        unit: ${i + 1}
        pollMs: ${POLL_MS}
        points:
${points}`,
  ).join("");
  const compiled = compileConfig(
    `site: coast
device: small-site
uplink:
  broker:
    url: mqtts://${BROKER_HOST}:8883
    anchors: /ca.pem
    certificate: /gateway.pem
    key: /gateway.key
    keepaliveS: ${keepaliveS}
buses:
  - name: plant
    tcp: { host: ${PLANT_HOST}, port: 502 }
    devices:
${devices}`,
    "gateway.yaml",
  );
  if ("report" in compiled) throw new Error(JSON.stringify(compiled.report.findings));
  return { ...compiled.snapshot };
}
