import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Clock } from "../../hal/clock.ts";
import type { Datagrams } from "../../hal/datagram.ts";
import type { Network } from "../../hal/network.ts";
import { compileConfig, formatReport } from "../config/index.ts";
import type { Snapshot } from "../config/snapshot.ts";
import type { AlarmSinkSnapshot } from "../config/snapshot/notify.ts";
import { withinTime } from "../uplink/notify/attempt.ts";
import { explainNotify } from "../uplink/notify/fault.ts";
import type { SinkMaterialSource } from "../uplink/notify/material.ts";
import { receiverOf } from "../uplink/notify/receiver-of.ts";
import { testDelivery } from "../uplink/notify/test-delivery.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { paintFor } from "./paint.ts";
import { diskParts } from "./read-part.ts";

export interface NotifyTestParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly material: SinkMaterialSource;
  /** marks this try, so that a receiver's log tells one from another */
  readonly nonce: string;
  /** The text of a file. Rejects where it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
}

interface Tried {
  readonly receiver: string;
  readonly address: string;
  readonly ok: boolean;
  readonly tookMs: number;
  readonly code?: string;
  readonly message?: string;
}

const USAGE = "notify test wants FILE, and takes --receiver NAME and --json";

/**
 * `holdfast notify test [--receiver NAME] [--json] FILE`: sends one marked event to each receiver of alarms of a
 * configuration, once, and says what came of it. Exits 1 where one does not have it.
 */
export async function notifyTestCommand(
  args: readonly string[],
  parts: NotifyTestParts,
  io: CommandIo,
): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { receiver: { type: "string" }, json: { type: "boolean", default: false } },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) return misused(io, USAGE);
  const compiled = await snapshotOf(file, parts, io);
  if (typeof compiled === "number") return compiled;
  const { uplink } = compiled;
  const { notify = [] } = uplink;
  if (notify.length === 0) {
    return refuse(
      io,
      "NOTIFY_NONE",
      `${file} names no receiver of alarms; add \`notify:\`, see holdfast config reference`,
    );
  }
  const chosen = notify.filter(({ name }) => values.receiver === undefined || name === values.receiver);
  if (chosen.length === 0) {
    return misused(io, `--receiver wants one of ${notify.map(({ name }) => name).join(", ")}`);
  }
  const tried: Tried[] = [];
  for (const sink of chosen) {
    const one = await attempt(sink, uplink, parts);
    tried.push(one);
    if (!values.json) print(one, io);
  }
  if (values.json) io.out(`${JSON.stringify({ receivers: tried })}\n`);
  return tried.every(({ ok }) => ok) ? EXIT_DONE : EXIT_FAILED;
}

async function attempt(
  sink: AlarmSinkSnapshot,
  { site, device, interfaceNames }: Snapshot["uplink"],
  parts: NotifyTestParts,
): Promise<Tried> {
  const { clock, nonce } = parts;
  const receiver = receiverOf(parts, sink, { site, device });
  const [interfaceName] = interfaceNames;
  const way = { classical: false, ...(interfaceName === undefined ? {} : { interfaceName }) };
  const beganMs = clock.monotonicMs();
  const said = (rest: Pick<Tried, "ok" | "code" | "message">): Tried => ({
    receiver: sink.name,
    address: receiver.address,
    tookMs: Math.round(clock.monotonicMs() - beganMs),
    ...rest,
  });
  try {
    const batch = [testDelivery(clock.wall(), nonce)];
    await withinTime(clock, (signal) => receiver.deliver(batch, way, signal), AbortSignal.any([]));
    return said({ ok: true });
  } catch (error) {
    return said({ ok: false, ...explainNotify(error, receiver.address) });
  }
}

function print({ receiver, address, ok, tookMs, code, message }: Tried, io: CommandIo): void {
  const paint = paintFor(io.isTty);
  const mark = ok ? paint("green", "✓") : paint("red", "✗");
  const what = ok ? `${address} has the test event` : `${code}: ${message}`;
  io.out(`${mark} ${paint("bold", receiver)}  ${what}  ${paint("dim", `${tookMs} ms`)}\n`);
}

async function snapshotOf(file: string, { readFile }: NotifyTestParts, io: CommandIo): Promise<Snapshot | number> {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    return refuse(io, "CONFIG_FILE_UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const compiled = compileConfig(text, resolve(file), diskParts(resolve(file)));
  if ("snapshot" in compiled) return compiled.snapshot;
  io.err(formatReport({ ...compiled.report, file }, text, { colour: io.isTty, parts: compiled.parts }));
  return EXIT_FAILED;
}
