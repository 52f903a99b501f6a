import { vi } from "vitest";
import { silentLog } from "../../../agent/contract/log.ts";
import { Bus } from "../../../agent/field/bus/bus.ts";
import type { Outcome, Request } from "../../../agent/field/bus/request.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxEntropy } from "../../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { linuxSerial } from "../../../hal/linux/serial.ts";
import { compileBuses } from "./field.ts";
import type { FileBus } from "./gateway-file.ts";

const TIMEOUT_MS = 1_000;

/** One bus on real drivers, for the functions that no configuration asks for yet. */
export interface BusOnLinux extends AsyncDisposable {
  ask(request: Request): Promise<Outcome>;
}

export async function startBus(file: FileBus): Promise<BusOnLinux> {
  const [snapshot] = compileBuses([file]).field.buses;
  if (snapshot === undefined) throw new RangeError("one bus was given");
  const sink = { sampled: () => 0, turned: () => {} };
  const machine = { clock: linuxClock(), entropy: linuxEntropy(), network: linuxNetwork(), serial: linuxSerial() };
  const bus = new Bus({ ...machine, sink, log: silentLog }, snapshot, 0);
  bus.start();
  await vi.waitFor(() => {
    if (bus.state !== "open") throw new Error(`the bus is ${bus.state}`);
  });
  return {
    ask: (request) =>
      new Promise((done) => {
        bus.submit({ request, timeoutMs: TIMEOUT_MS, gapMs: 0, done });
      }),
    [Symbol.asyncDispose]: () => bus.stop(),
  };
}
