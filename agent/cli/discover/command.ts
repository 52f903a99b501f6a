import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { Network } from "../../../hal/network.ts";
import type { Serial } from "../../../hal/serial.ts";
import type { SerialTransport } from "../../config/snapshot.ts";
import type { Dialer } from "../../contract/door.ts";
import { ControlError, askKeeper } from "../control-client.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "../io.ts";
import type { CommandIo } from "../io.ts";
import { discoverOrder } from "./arguments.ts";
import type { DiscoverOrder } from "./arguments.ts";
import { openLineProbe } from "./line-probe.ts";
import { DiscoverError } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { proposal } from "./proposal.ts";
import type { Place } from "./proposal.ts";
import { openSocketProbe } from "./socket-probe.ts";
import { sweep, sweepMs } from "./sweep.ts";
import type { Found } from "./sweep.ts";

export interface DiscoverParts {
  readonly clock: Clock;
  readonly serial: () => Promise<Serial>;
  readonly network: Network;
  readonly dialControl: (path: string) => Dialer;
  readonly defaultControlPath: string;
  /** What a path leads to in the end; the path itself where nothing does. */
  readonly realPath: (path: string) => Promise<string>;
  /** Ctrl-C */
  readonly stop: AbortSignal;
}

/** How often a terminal is told how far it is. */
const PROGRESS_UNITS = 8;

/**
 * `holdfast discover --path PATH | --host HOST …`: who answers on a line that nobody speaks on. What it finds goes to
 * standard output, as the `buses:` part of a configuration; everything else to standard error.
 */
export async function discoverCommand(args: readonly string[], parts: DiscoverParts, io: CommandIo): Promise<number> {
  let order: DiscoverOrder;
  try {
    order = discoverOrder(args, parts.defaultControlPath);
  } catch (error) {
    return misused(io, messageOf(error));
  }
  const found = new Map<number, Found>();
  let place: Place | undefined;
  const begin = (at: Place): void => void (place = at);
  try {
    await refuseInUse(order, parts);
    await (order.place.kind === "serial" ? lines : socket)(order, parts, io, found, begin);
  } catch (error) {
    print(order, place, found, io, error);
    if (error instanceof DiscoverError || error instanceof HalError) return refuse(io, error.code, nextStep(error));
    return refuse(io, "DISCOVER_FAILED", messageOf(error));
  }
  print(order, place, found, io, undefined);
  if (found.size > 0) return EXIT_DONE;
  io.err("nobody answered. Check the wiring (A and B swapped?), speed and parity, and that the devices have power.\n");
  return EXIT_FAILED;
}

/** One speed and parity after another, until somebody answers: a line has only one. */
async function lines(
  order: DiscoverOrder,
  parts: DiscoverParts,
  io: CommandIo,
  found: Map<number, Found>,
  begin: (place: Place) => void,
): Promise<void> {
  if (order.place.kind !== "serial") return;
  const { path, bauds, parities } = order.place;
  const serial = await parts.serial();
  for (const baudRate of bauds) {
    for (const parity of parities) {
      const stopBits = parity === "none" ? 2 : 1;
      const transport: SerialTransport = {
        kind: "serial",
        framing: "rtu",
        path,
        baudRate,
        parity,
        dataBits: 8,
        stopBits,
      };
      await using probe = await openLineProbe({ clock: parts.clock, serial }, transport);
      begin({ kind: "serial", transport });
      io.err(`${path}, ${baudRate} baud, parity ${parity}: listening for ${order.listenMs / 1_000} s\n`);
      await probe.listen(order.listenMs, parts.stop).catch((error: unknown) => {
        throw parts.stop.aborted ? new DiscoverError("DISCOVER_ABORTED", "stopped by Ctrl-C; nothing was sent") : error;
      });
      await search(probe, order, parts, io, found);
      if (found.size > 0) return;
    }
  }
}

async function socket(
  order: DiscoverOrder,
  parts: DiscoverParts,
  io: CommandIo,
  found: Map<number, Found>,
  begin: (place: Place) => void,
): Promise<void> {
  if (order.place.kind !== "tcp") return;
  await using probe = await openSocketProbe(parts, order.place, parts.stop);
  begin(order.place);
  await search(probe, order, parts, io, found);
}

async function search(
  probe: Probe,
  order: DiscoverOrder,
  parts: DiscoverParts,
  io: CommandIo,
  found: Map<number, Found>,
): Promise<void> {
  const { units } = order;
  const { usualMs, mostMs } = sweepMs(units.length, probe.questionMs);
  const seldom = order.place.kind === "serial" ? `${heardWhile(order.listenMs)}\n` : "";
  io.err(`${seldom}Asking ${units.length} unit ids for one register each: `);
  io.err(`about ${seconds(usualMs)}, at most ${seconds(mostMs)}; Ctrl-C stops it\n`);
  const progress = (asked: number, so: number): void => {
    if (!io.isTty || (asked % PROGRESS_UNITS !== 0 && asked !== units.length)) return;
    io.err(`\r${asked} of ${units.length} asked, ${so} found${asked === units.length ? "\n" : ""}`);
  };
  await sweep(probe, order, found, progress, parts.stop);
}

/** A line has one owner: the running gateway would be heard, and would not understand what it hears. */
async function refuseInUse({ place, control }: DiscoverOrder, parts: DiscoverParts): Promise<void> {
  const target = place.kind === "serial" ? await parts.realPath(place.path) : `${place.host}:${place.port}`;
  const reply = await askKeeper(
    { clock: parts.clock, dialer: parts.dialControl(control) },
    { kind: "status-query", points: false },
    0,
  ).catch((error: unknown) => {
    // no gateway runs: the exclusive opening of the port still refuses what others have open
    if (error instanceof ControlError) return undefined;
    throw error;
  });
  if (reply?.kind !== "gateway-status") return;
  for (const bus of reply.status.field?.buses ?? []) {
    const theirs = place.kind === "serial" ? await parts.realPath(bus.target) : bus.target;
    if (theirs !== target) continue;
    throw new DiscoverError("DISCOVER_IN_USE", `the running gateway has ${bus.target} as its bus ${bus.name}`);
  }
}

function print(
  order: DiscoverOrder,
  place: Place | undefined,
  found: ReadonlyMap<number, Found>,
  io: CommandIo,
  error: unknown,
): void {
  const units = [...found.values()].toSorted((a, b) => a.unit - b.unit);
  const code = error instanceof DiscoverError || error instanceof HalError ? error.code : "DISCOVER_FAILED";
  if (order.json) {
    io.out(`${JSON.stringify({ ok: error === undefined, ...(error === undefined ? {} : { code }), place, units })}\n`);
  } else if (units.length > 0 && place !== undefined) io.out(proposal(place, units));
}

function nextStep(error: DiscoverError | HalError): string {
  switch (error.code) {
    case "DISCOVER_TRAFFIC":
      return `${error.message}. Nothing more was sent. Stop the other master, or use \`listenOnly: true\` to see who is there`;
    case "DISCOVER_IN_USE":
      return `${error.message}. See \`holdfast inventory\`, or take the bus out of the configuration first`;
    case "HAL_PORT_REFUSED":
      return `${error.message}. Somebody has this port open, or you may not open it`;
    default:
      return error.message;
  }
}

/** Silence proves nothing about whoever asks more seldom than one listened. */
function heardWhile(listenMs: number): string {
  return `nobody else was heard in ${seconds(listenMs)}; a master that asks more seldom is not noticed before it speaks (--listen)`;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
