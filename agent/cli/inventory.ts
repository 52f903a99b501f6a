import { parseArgs } from "node:util";
import type { BusInventory } from "../contract/inventory.ts";
import { ControlError, askKeeper } from "./control-client.ts";
import { inventoryLines } from "./inventory-lines.ts";
import { EXIT_DONE, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { paintFor } from "./paint.ts";
import type { StatusParts } from "./status.ts";

export type InventoryParts = Pick<StatusParts, "clock" | "dialControl" | "defaultControlPath">;

/** `holdfast inventory [BUS] [--json]`: who was seen on each bus, or on one, and what does not fit the plan. */
export async function inventoryCommand(args: readonly string[], parts: InventoryParts, io: CommandIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        control: { type: "string", default: parts.defaultControlPath },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [wanted, ...more] = positionals;
  if (more.length > 0) return misused(io, "inventory takes one BUS at most");
  const dialer = parts.dialControl(values.control);
  const ask = async (bus: string) => {
    const reply = await askKeeper({ clock: parts.clock, dialer }, { kind: "inventory-query", bus }, 0);
    if (reply.kind === "done" && reply.refused !== undefined)
      throw new ControlError("CONTROL_NO_REPLY", reply.refused.message);
    if (reply.kind !== "inventory") throw new ControlError("CONTROL_NO_REPLY", "keeper answered another question");
    return reply;
  };
  try {
    const first = await ask(wanted ?? "");
    if (wanted !== undefined && first.inventory === null) {
      const known = first.buses.length === 0 ? "there is none" : `there are ${first.buses.join(", ")}`;
      return refuse(io, "INVENTORY_BUS_UNKNOWN", `no bus ${JSON.stringify(wanted)}: ${known}`);
    }
    const found: BusInventory[] = first.inventory === null ? [] : [first.inventory];
    if (wanted === undefined) {
      for (const bus of first.buses.slice(1)) {
        const { inventory } = await ask(bus);
        if (inventory !== null) found.push(inventory);
      }
    }
    print(found, values.json, io);
    return EXIT_DONE;
  } catch (error) {
    if (error instanceof ControlError) return refuse(io, error.code, error.message);
    throw error;
  }
}

function print(found: readonly BusInventory[], json: boolean, io: CommandIo): void {
  if (json) {
    io.out(`${JSON.stringify({ buses: found })}\n`);
    return;
  }
  if (found.length === 0) io.out("no buses are configured\n");
  for (const inventory of found) io.out(`${inventoryLines(inventory, paintFor(io.isTty)).join("\n")}\n`);
}
