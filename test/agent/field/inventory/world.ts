import type { BusSnapshot, SerialTransport } from "../../../../agent/config/snapshot.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import type { BusInventory } from "../../../../agent/contract/inventory.ts";
import { Bus } from "../../../../agent/field/bus/bus.ts";
import { Inventory } from "../../../../agent/field/inventory/inventory.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import type { MemoryDisk } from "../../../../simulator/disk.ts";
import type { Serial } from "../../../../hal/serial.ts";
import { rtuMaster, serveAscii, serveRtu } from "../../../../simulator/modbus/index.ts";
import type { ModbusDevice, RtuMaster } from "../../../../simulator/modbus/index.ts";
import { echoing, sharedWire } from "../../../../simulator/shared-wire.ts";
import { rtu } from "../snapshots.ts";
import { busWorld } from "../world.ts";

export interface SetAlarm {
  readonly alarm: string;
  readonly key: string;
  readonly active: boolean;
  readonly evidence: string;
}

/** Buses that are watched, on lines that a second master may share, with every alarm that was set. */
export function inventoryWorld(options: { readonly seed?: number; readonly disk?: MemoryDisk } = {}) {
  const world = busWorld(options.seed ?? 1);
  const { clock, serial } = world;
  const disk = options.disk ?? memoryDisk();
  const alarms: SetAlarm[] = [];
  const inventory = new Inventory({
    clock,
    disk,
    log: silentLog,
    alarms: { set: (alarm, key, active, evidence) => void alarms.push({ alarm, key, active, evidence }) },
  });
  const started: Bus[] = [];
  return {
    ...world,
    disk,
    alarms,
    inventory,
    /** Devices and a silent second master on one pair of wires. */
    shared(
      devices: readonly ModbusDevice[],
      { echo = false, line = rtu() }: { readonly echo?: boolean; readonly line?: SerialTransport } = {},
    ): RtuMaster {
      const wire = serial.wire(line.path, line);
      const pair = sharedWire(clock, echo ? echoing(wire) : wire, line);
      const serve = line.framing === "ascii" ? serveAscii : serveRtu;
      serve({ clock, wire: pair.end(), line, devices });
      return rtuMaster({ clock, wire: pair.end(), line, framing: line.framing });
    },
    /** @param machine another serial line than the simulated one, as a rule one that stands before it */
    watched(snapshot: BusSnapshot, machine: { readonly serial?: Serial } = {}): Bus {
      const parts = { ...world, ...machine, log: silentLog, watch: (of: BusSnapshot) => inventory.watch(of) };
      const bus = new Bus(parts, snapshot, 0);
      started.push(bus);
      bus.start();
      return bus;
    },
    seen(of: Bus): BusInventory {
      const { inventory: found } = inventory.reply({ kind: "inventory-query", id: 1, bus: of.snapshot.name }, started);
      if (found === null) throw new Error("no such bus");
      return found;
    },
    /** Evidence of the alarms that stand, by name. */
    standing(): Record<string, string> {
      const standing: Record<string, string> = {};
      for (const { alarm, key, active, evidence } of alarms) {
        if (active) standing[`${alarm} ${key}`] = evidence;
        else delete standing[`${alarm} ${key}`];
      }
      return standing;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(started.map((bus) => bus.stop()));
      await inventory[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}
