import type { ClockTrust } from "../../../hal/clock.ts";
import type { Outcome, Request } from "../../../agent/field/bus/request.ts";
import { Bus } from "../../../agent/field/bus/bus.ts";
import type { BusParts } from "../../../agent/field/bus/bus.ts";
import type { BusSnapshot, Framing, SerialTransport } from "../../../agent/config/snapshot.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import { QUALITIES } from "../../../agent/contract/point.ts";
import type { PointValue } from "../../../agent/contract/point.ts";
import type { BusCounters, DeviceStatus } from "../../../agent/contract/status.ts";
import type { Sink, Source } from "../../../agent/field/points/source.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveAscii, serveRtu, serveTcp } from "../../../simulator/modbus/index.ts";
import type { ModbusTcpServer } from "../../../simulator/modbus/index.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import { memorySerial } from "../../../simulator/serial.ts";
import { rtu } from "./snapshots.ts";

export interface Sample {
  readonly source: string;
  readonly point: number;
  readonly value: PointValue;
  readonly reason: string;
  readonly atMs: number;
  readonly timeMs: number;
  readonly trust: ClockTrust;
}

/** A simulated machine and plant for buses, and everything that the buses sampled. */
export function busWorld(seed = 1) {
  const clock = virtualClock();
  const entropy = seededEntropy(seed);
  const network = memoryNetwork(clock);
  const serial = memorySerial(clock);
  const samples: Sample[] = [];
  const turns: { source: string; online: boolean; atMs: number }[] = [];
  const sequences = new Map<string, number>();
  const sink: Sink = {
    sampled(source: Source, index, value, quality, timeMs, trust) {
      const reason = QUALITIES[quality]?.reason ?? "";
      samples.push({ source: source.name, point: index, value, reason, atMs: clock.monotonicMs(), timeMs, trust });
      const sequence = sequences.get(source.name) ?? 0;
      sequences.set(source.name, sequence + 1);
      return sequence;
    },
    turned: (source, online) => void turns.push({ source: source.name, online, atMs: clock.monotonicMs() }),
  };
  const buses: Bus[] = [];
  const servers: ModbusTcpServer[] = [];
  return {
    clock,
    entropy,
    network,
    serial,
    samples,
    turns,
    sink,
    /** Devices with 64 holding registers, each of which says its own address plus 1000 times the unit. */
    devices(units: readonly number[], replyDelayMs = 0): ModbusDevice[] {
      return units.map((unit) => {
        const device = new ModbusDevice({ unit, clock, entropy, replyDelayMs });
        device.holdingRegisters.store(
          0,
          Array.from({ length: 64 }, (_, i) => (unit * 1000 + i) % 65_536),
        );
        device.coils.store(0, [1, 0, 1, 1, 0, 0, 0, 1, 1]);
        device.inputRegisters.store(0, [1, 2, 3]);
        return device;
      });
    },
    line(devices: readonly ModbusDevice[], transport: SerialTransport = rtu()): void {
      const wire = serial.wire(transport.path, transport);
      if (transport.framing === "ascii") serveAscii({ clock, wire, devices });
      else serveRtu({ clock, wire, line: transport, devices });
    },
    async socket(
      host: string,
      devices: readonly ModbusDevice[],
      strangers: "exception" | "silence" = "silence",
      framing: Framing = "mbap",
    ) {
      const server = await serveTcp({
        clock,
        network,
        target: { kind: "tcp", host, port: 502 },
        devices,
        strangers,
        framing,
      });
      servers.push(server);
      return server;
    },
    /** @param machine another serial line or network than the simulated one, as a rule one that stands before it */
    start(snapshot: BusSnapshot, machine: Partial<Pick<BusParts, "serial" | "network">> = {}): Bus {
      const started = new Bus({ clock, entropy, network, serial, sink, log: silentLog, ...machine }, snapshot, 0);
      buses.push(started);
      started.start();
      return started;
    },
    /** Submits and lets time pass until the outcome is there. */
    async ask(to: Bus, request: Request, limitMs = 20_000): Promise<Outcome> {
      let outcome: Outcome | undefined;
      to.submit({ request, timeoutMs: 300, gapMs: 0, done: (said) => void (outcome = said) });
      await clock.advanceUntil(() => outcome !== undefined, limitMs);
      return outcome as unknown as Outcome;
    },
    counters: (of: Bus): BusCounters => of.status(false).counters,
    deviceStatus(of: Bus, name: string): DeviceStatus {
      const found = of.status(true).devices.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`no device ${name}`);
      return found;
    },
    samplesOf: (source: string): readonly Sample[] => samples.filter((sample) => sample.source === source),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(buses.map((started) => started.stop()));
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}
export type BusWorld = ReturnType<typeof busWorld>;
