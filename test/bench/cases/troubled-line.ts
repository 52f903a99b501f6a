import { silentLog } from "../../../agent/contract/log.ts";
import type { DeviceSnapshot, SerialTransport } from "../../../agent/config/snapshot.ts";
import { Bus } from "../../../agent/field/bus/bus.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import { memorySerial } from "../../../simulator/serial.ts";
import type { TracedCharacter } from "../../../simulator/serial.ts";
import type { BenchCase, Figure } from "../bench-case.ts";

const LINE: SerialTransport = {
  kind: "serial",
  framing: "rtu",
  path: "/dev/line-1",
  baudRate: 9_600,
  parity: "even",
  dataBits: 8,
  stopBits: 1,
};
const DEVICES = 32;
const DEAD = 8;
const BABBLING = 4;
const REGISTERS = 10;
const PERIOD_MS = 5_000;
const REPLY_DELAY_MS = 10;
const BABBLE_MS = 2_000;
const FLAP_MS = 10_000;
const SETTLING_MS = 60_000;
const WINDOW_MS = 600_000;
/** A frame begins after at least so much silence. */
const FRAME_GAP_MS = 1;

/** What the line of the troubled plant gives its healthy devices. */
export interface TroubledLine {
  /** of the worst device: how far its average time between two questions is from its period, percent */
  readonly worstPercent: number;
  /** of single questions to healthy devices: 95 of 100 come at least this close to their period, percent; one silence of another is 6 */
  readonly p95Percent: number;
  /** of all questions to healthy devices, percent: babble falls into the others */
  readonly answeredPercent: number;
  readonly loadPercent: number;
}

/** 32 devices, 8 dead, 4 babbling, 1 flapping, 19 healthy, on the real arbiter in virtual time. */
export async function troubledLine(seed: number): Promise<TroubledLine> {
  const clock = virtualClock();
  const entropy = seededEntropy(seed);
  const serial = memorySerial(clock);
  const devices = Array.from(
    { length: DEVICES },
    (_, i) => new ModbusDevice({ unit: i + 1, clock, entropy, replyDelayMs: REPLY_DELAY_MS }),
  );
  for (const one of devices)
    one.holdingRegisters.store(
      0,
      Array.from({ length: REGISTERS }, (_, i) => i),
    );
  using _server = serveRtu({ clock, wire: serial.wire(LINE.path, LINE), line: LINE, devices });
  const dead = devices.slice(0, DEAD);
  const babbling = devices.slice(DEAD, DEAD + BABBLING);
  const [flapping, ...healthy] = devices.slice(DEAD + BABBLING) as [ModbusDevice, ...ModbusDevice[]];
  for (const one of dead) one.inject({ kind: "silence" });
  for (const one of babbling) one.inject({ kind: "babble", everyMs: BABBLE_MS });
  const sink = { sampled: () => 0, turned: () => {} };
  const snapshot = {
    name: "line-1",
    transport: LINE,
    turnaroundMs: 100,
    broadcast: false,
    devices: devices.map(({ unit }) => device(unit)),
  };
  const bus = new Bus({ clock, entropy, network: memoryNetwork(clock), serial, sink, log: silentLog }, snapshot, 0);
  bus.start();
  for (let ms = 0; ms < SETTLING_MS + WINDOW_MS; ms += FLAP_MS) {
    if ((ms / FLAP_MS) % 2 === 0) flapping.clear();
    else flapping.inject({ kind: "silence" });
    await clock.advance(FLAP_MS);
  }
  const { loadPercent } = bus.status(false);
  const asked = questions(serial.trace(LINE.path)).filter(({ atMs }) => atMs >= SETTLING_MS);
  const { devices: shown } = bus.status(false);
  await bus.stop();
  const deviations: number[] = [];
  let worstPercent = 0;
  for (const { unit } of healthy) {
    const times = asked.filter((one) => one.unit === unit).map(({ atMs }) => atMs);
    const average = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
    worstPercent = Math.max(worstPercent, percentOff(average));
    deviations.push(...times.slice(1).map((atMs, i) => percentOff(atMs - (times[i] ?? 0))));
  }
  deviations.sort((a, b) => a - b);
  const requests = healthy.reduce((sum, { counters }) => sum + counters.requests, 0);
  const timeouts = shown
    .filter(({ unit }) => healthy.some((one) => one.unit === unit))
    .reduce((sum, status) => sum + status.timeouts, 0);
  return {
    worstPercent,
    p95Percent: deviations[Math.floor(deviations.length * 0.95)] ?? Number.NaN,
    answeredPercent: (1 - timeouts / requests) * 100,
    loadPercent,
  };
}

export const troubledLineCase: BenchCase = {
  name: "troubled-line",
  about: "32 RTU devices, 8 dead, 4 babbling, 1 flapping: how well the healthy keep their period (virtual time)",
  async run({ say }): Promise<readonly Figure[]> {
    const line = await troubledLine(1);
    say(`${line.loadPercent.toFixed(0)} % of the line is used, ${line.answeredPercent.toFixed(1)} % are answered`);
    return [
      { name: "worst healthy device off its period", value: line.worstPercent, unit: "%", atMost: 5 },
      { name: "95 of 100 single polls off their period", value: line.p95Percent, unit: "%" },
      { name: "answered", value: line.answeredPercent, unit: "%" },
    ];
  },
};

function percentOff(intervalMs: number): number {
  return (Math.abs(intervalMs - PERIOD_MS) / PERIOD_MS) * 100;
}

function questions(trace: readonly TracedCharacter[]): readonly { readonly unit: number; readonly atMs: number }[] {
  const found: { unit: number; atMs: number }[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { direction, startMs, endMs, byte } of trace) {
    if (direction !== "out") continue;
    if (startMs - lastMs > FRAME_GAP_MS) found.push({ unit: byte, atMs: startMs });
    lastMs = endMs;
  }
  return found;
}

function device(unit: number): DeviceSnapshot {
  return {
    name: `device-${unit}`,
    unit,
    pollMs: PERIOD_MS,
    timeoutMs: 300,
    lateReplyMs: 600,
    requestGapMs: 0,
    probeMsMax: 60_000,
    points: [
      {
        name: "values",
        table: "holding-register",
        address: 0,
        count: REGISTERS,
        type: "string",
        wordOrder: "big",
        byteOrder: "big",
        pollMs: PERIOD_MS,
        scale: 1,
        offset: 0,
        deadband: 0,
        heartbeatMs: 0,
      },
    ],
  };
}
