import { every } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import type { InventoryQuery, InventoryReply } from "../../contract/rooms.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import { BusWitness } from "./bus-witness.ts";
import type { StoredBus } from "./bus-witness.ts";
import { openStoredInventory } from "./stored.ts";
import type { StoredInventory } from "./stored.ts";

/** How often what is whole is heard and what is over ends. */
const TICK_MS = 1_000;
/** What is new reaches the disk within this. */
const STORE_MS = 60_000;
/** Mere counts go less often: a disk has so many writes in it. */
const STORE_COUNTS_MS = 3_600_000;

export interface InventoryParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly alarms: SystemAlarms;
  readonly log: Log;
}

/** Who was seen on which bus. A bus that is opened again, or comes back after a restart, goes on where it was. */
export class Inventory implements AsyncDisposable {
  readonly #parts: InventoryParts;
  readonly #storage: StoredInventory;
  readonly #witnesses = new Map<string, BusWitness>();
  readonly #timer: Disposable;
  #restored: readonly StoredBus[] = [];
  #storedMs: number;

  constructor(parts: InventoryParts) {
    this.#parts = parts;
    this.#storage = openStoredInventory(parts.disk, parts.log);
    this.#storedMs = parts.clock.monotonicMs();
    this.#timer = every(parts.clock, TICK_MS, () => this.#tick());
  }

  /** Before the first bus: what an earlier process saw. */
  async restore(): Promise<void> {
    this.#restored = await this.#storage.read();
  }

  /** Who watches this bus from now on: it remembers what was seen there under another configuration. */
  watch(snapshot: BusSnapshot): BusWitness {
    const before = this.#witnesses.get(snapshot.name);
    before?.end();
    const witness = new BusWitness(this.#parts.clock, this.#parts.alarms, snapshot);
    const stored = before?.stored() ?? this.#restored.find(({ bus }) => bus === snapshot.name);
    if (stored?.place === witness.place) witness.restore(stored);
    this.#witnesses.set(snapshot.name, witness);
    return witness;
  }

  /** These buses are configured; what stands against others is over. */
  keep(names: ReadonlySet<string>): void {
    for (const [name, witness] of this.#witnesses) {
      if (names.has(name)) continue;
      witness.end();
      this.#witnesses.delete(name);
    }
  }

  /** @param configured all buses there are */
  reply({ id, bus }: InventoryQuery, configured: readonly { readonly snapshot: BusSnapshot }[]): InventoryReply {
    const buses = configured.map(({ snapshot }) => snapshot.name);
    const witness = this.#witnesses.get(bus === "" ? (buses[0] ?? "") : bus);
    return { kind: "inventory", id, buses, inventory: witness?.inventory() ?? null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    if (this.#witnesses.size > 0) await this.#store();
  }

  #tick(): void {
    for (const witness of this.#witnesses.values()) witness.tick();
    const sinceMs = this.#parts.clock.monotonicMs() - this.#storedMs;
    const news = sinceMs >= STORE_MS && [...this.#witnesses.values()].some(({ ledger }) => ledger.changed);
    if (news || sinceMs >= STORE_COUNTS_MS) void this.#store();
  }

  async #store(): Promise<void> {
    this.#storedMs = this.#parts.clock.monotonicMs();
    for (const { ledger } of this.#witnesses.values()) ledger.changed = false;
    await this.#storage.write([...this.#witnesses.values()].map((witness) => witness.stored()));
  }
}
