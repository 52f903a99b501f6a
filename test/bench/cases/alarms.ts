import { join } from "node:path";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import type { BenchCase } from "../bench-case.ts";
import { configText, tcpBuses } from "../gateway/config-text.ts";
import { startGateway } from "../gateway/gateway.ts";
import { measureSteadyState, working } from "../gateway/steady-state.ts";
import type { SteadyState } from "../gateway/steady-state.ts";
import { openWorld } from "../gateway/world.ts";
import { startPeer } from "../machine/peer.ts";
import { median } from "../median.ts";
import type { LoadCount, LoadOptions, LoadReady } from "../peers/load-devices.process.ts";
import { LOAD_DEVICES, roomFigures } from "./field.ts";

const JOB = { devices: 167, registers: 30, pollMs: 1_000 } as const;
const LIMITS = 5_000;
const EXPRESSIONS = 500;
/** Above all but one in a hundred values, and the delay outlasts each: every limit is judged, none rings. */
const LIMIT = 64_900;
/** 5 000 metrics of the alarms' device are born in one packet. */
const PACKET_BYTES_MAX = 1_048_576;
const WORKING_MS = 60_000;

export const alarms: BenchCase = {
  name: "alarms",
  about: "5 000 points with a limit each and 500 expressions at 1 s, against the same polling without them",
  async run({ say, signal, entry }) {
    await using world = await openWorld(entry);
    await using devices = await startPeer<LoadReady, LoadCount>(LOAD_DEVICES, {
      devices: JOB.devices,
    } satisfies LoadOptions);
    const plain = configText({
      broker: { port: world.broker.port, material: world.pki.gateway },
      buses: tcpBuses({ ...JOB, port: devices.ready.port }),
    }).replace(/^( +)key: .*$/mu, (line, margin: string) => `${line}\n${margin}packetBytesMax: ${PACKET_BYTES_MAX}`);
    const measure = async (name: string, config: string, limits = 0): Promise<SteadyState> => {
      await using gateway = startGateway({ ...world, folder: join(world.folder, name), config });
      const judges = (status: GatewayStatus): boolean => (status.field?.alarms?.total ?? 0) >= limits;
      await gateway.until("working", (status) => working(status) && judges(status), { timeoutMs: WORKING_MS });
      const steady = await measureSteadyState(gateway, { warmUpMs: 15_000, rounds: 4, roundMs: 10_000, signal });
      say(`${name}: ${median(steady.cpuPercent).toFixed(1)} % of a core`);
      return steady;
    };
    // around what is compared with it, so that a machine that grows busier does not count
    const before = await measure("without", plain);
    const judged = await measure("with", `${plain}${rules()}`, LIMITS);
    const after = await measure("without-again", plain);
    const without = median([...before.cpuPercent, ...after.cpuPercent]);
    return [
      {
        name: "CPU above the same without, all processes",
        value: median(judged.cpuPercent) - without,
        unit: "% of a core",
        atMost: 15,
        rounds: judged.cpuPercent.map((percent) => percent - without),
        yardstick: { name: "without", value: without },
      },
      { name: "late polls", value: judged.latePolls, unit: "", atMost: 0 },
      { name: "values lost to a full queue", value: judged.dropped, unit: "", atMost: 0 },
      {
        name: "expressions reckoned and acknowledged",
        value: judged.acknowledgedPerSecond - before.acknowledgedPerSecond,
        unit: "/s",
      },
      { name: "PSS, all processes", value: median(judged.pssMiB), unit: "MiB" },
      { name: "PSS, all processes, without", value: median(before.pssMiB), unit: "MiB" },
      ...roomFigures(judged),
    ];
  },
};

/** A limit for each point, and expressions of three points each whose value is another every second. */
function rules(): string {
  const point = (index: number): string =>
    `device-${1 + Math.floor(index / JOB.registers)}/register-${index % JOB.registers}`;
  const limits = Array.from(
    { length: LIMITS },
    (_, index) => `    - name: high-${index}
      text: { en: "Register ${index} is high" }
      high: { point: ${point(index)}, limit: ${LIMIT}, hysteresis: 100 }
      onDelayMs: 5000
`,
  );
  const points = Array.from(
    { length: EXPRESSIONS },
    (_, index) => `    - name: mean-${index}
      expression: "([${point(3 * index)}] + [${point(3 * index + 1)}] + [${point(3 * index + 2)}]) / 3"
`,
  );
  return `derived:\n  points:\n${points.join("")}alarms:\n  rules:\n${limits.join("")}`;
}
