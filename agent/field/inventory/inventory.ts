import type { InventoryQuery, InventoryReply } from "../../contract/rooms.ts";
import type { BusSet } from "../bus-set.ts";

/** What was seen on one bus. */
export function inventoryReply({ id }: InventoryQuery, buses: BusSet): InventoryReply {
  return { kind: "inventory", id, buses: buses.all.map(({ snapshot }) => snapshot.name), inventory: null };
}
