import { linuxDigitalIo } from "../../hal/linux/digital-io.ts";
import { linuxMachineBoot } from "../../hal/linux/machine-boot.ts";
import { parseArgs } from "node:util";
import { askKeeper } from "../../agent/cli/control-client.ts";
import type { GatewayStatus } from "../../agent/contract/status.ts";
import { sleep } from "../../hal/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxDatagrams } from "../../hal/linux/datagram.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxSerial } from "../../hal/linux/serial.ts";
import { demoHints } from "./hints.ts";
import { plantLine } from "./plant-line.ts";
import { jsonView, lineView, screenView } from "./view.ts";
import type { DemoFacts, View } from "./view.ts";
import { openDemo } from "./world.ts";
import type { DemoWorld } from "./world.ts";

const REFRESH_MS = 500;
const LINES_EVERY_MS = 2_000;
/** One serial line and the file syncs share libuv's pool. */
process.env["UV_THREADPOOL_SIZE"] = "8";

/** `npm start [-- --json] [--detour] [--receivers]`: the whole gateway with a plant and a broker, on loopback, until Ctrl-C. */
async function demo(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      detour: { type: "boolean", default: false },
      receivers: { type: "boolean", default: false },
    },
  });
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => abort.abort());
  // a reader that has gone, such as `head`, ends the demo like Ctrl-C
  process.stdout.on("error", () => abort.abort());
  const clock = linuxClock();
  const machine = {
    clock,
    entropy: linuxEntropy(),
    network: linuxNetwork(),
    datagrams: linuxDatagrams(),
    serial: linuxSerial(),
    digitalIo: linuxDigitalIo(clock),
    machineBoot: linuxMachineBoot(),
  };
  const early: string[] = [];
  let say = (text: string): void => void early.push(text);
  await using world = await openDemo(machine, { detour: values.detour, receivers: values.receivers }, (text) =>
    say(text),
  );
  using shown = openView(
    values.json,
    { hints: demoHints(world), plant: () => plantLine(world.station) },
    clock.monotonicMs,
  );
  say = (text) => shown.say(text);
  early.forEach(say);
  const apply = { kind: "apply-config", snapshot: { ...world.snapshot } } as const;
  const applied = await askKeeper({ clock, dialer: world.control }, apply, 5_000);
  if (applied.kind === "done" && applied.refused !== undefined) throw new Error(applied.refused.message);
  while (!abort.signal.aborted) {
    shown.show(await gatewayStatus(world, clock));
    await sleep(clock, REFRESH_MS, abort.signal).catch(() => {});
  }
  say = () => {}; // the rooms see each other leave, which is what was asked for
}

async function gatewayStatus(world: DemoWorld, clock: ReturnType<typeof linuxClock>): Promise<GatewayStatus> {
  const reply = await askKeeper({ clock, dialer: world.control }, { kind: "status-query", points: true }, 5_000);
  if (reply.kind !== "gateway-status") throw new Error("keeper answered another question");
  return reply.status;
}

function openView(json: boolean, facts: DemoFacts, nowMs: () => number): View {
  const write = (text: string): void => void process.stdout.write(text);
  if (json) return jsonView(write, facts);
  if (!process.stdout.isTTY) return lineView(write, facts, LINES_EVERY_MS, nowMs);
  const size = () => ({ columns: process.stdout.columns, rows: process.stdout.rows });
  return screenView({ write, size }, facts);
}

demo().catch((error: unknown) => {
  const code = error instanceof Error && "code" in error ? `${String(error.code)}: ` : "";
  process.stderr.write(`npm start: ${code}${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
