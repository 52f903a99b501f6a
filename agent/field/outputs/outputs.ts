import { every } from "../../../hal/clock.ts";
import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { MachineBoot } from "../../../hal/machine-boot.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { Log } from "../../contract/log.ts";
import { OUTPUTS_MAX } from "../../contract/outputs.ts";
import type { OutputsStatus } from "../../contract/outputs.ts";
import type { OrderDone, OutputsOrder, Write, Written } from "../../contract/rooms.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import type { BusSet } from "../bus-set.ts";
import type { PointBook } from "../points/book.ts";
import { Announcer } from "./announcer.ts";
import { beginning } from "./beginning.ts";
import { Commands, refused } from "./commands.ts";
import { declaredOutputs } from "./declared.ts";
import type { DeclaredOutput } from "./declared.ts";
import { Guard } from "./guard.ts";
import type { Refusal } from "./guard.ts";
import { Kept } from "./kept.ts";
import { LiveOutputs } from "./live.ts";
import { lossTimerWarnings } from "./loss-timers.ts";
import { carryOut } from "./order.ts";
import { holdStatus, outputStatus, planStatus } from "./outputs-status.ts";
import { PlanRun } from "./plan-run.ts";
import { PlanWatch } from "./plan-watch.ts";
import { Restoring } from "./restoring.ts";
import { standingRefusals } from "./standing-refusals.ts";
import { isHeld, NOTHING_HELD, step } from "./state.ts";
import type { OutputsEvent, OutputsState } from "./state.ts";
import { ownWarnings } from "./warnings.ts";

/** How often triggers are looked at: a twentieth of the 2 s in which a plan is done. */
export const TRIGGER_LOOK_MS = 100;
/** How often everything slower is looked at. */
const LOOK_MS = 1_000;
/** Pause before a state that a disk refused is offered to it again. */
const STORE_RETRY_MS = 60_000;

export interface OutputsParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly machineBoot: MachineBoot;
  readonly book: PointBook;
  readonly buses: BusSet;
  readonly alarms: SystemAlarms;
  readonly log: Log;
}

/** The one way by which anything of the gateway writes to the field. */
export class Outputs {
  readonly #parts: OutputsParts;
  readonly #kept: Kept;
  readonly #startedMs: number;
  readonly #live = new LiveOutputs();
  readonly #commands: Commands;
  readonly #plan: PlanRun;
  readonly #restoring: Restoring;
  readonly #announcer: Announcer;
  readonly #watch: PlanWatch;
  #state: OutputsState = NOTHING_HELD;
  #field: FieldSnapshot | undefined;
  #outputs: ReadonlyMap<PointRef, DeclaredOutput> = new Map();
  #guards: ReadonlyMap<PointRef, Guard> = new Map();
  /** whether it is known what was held and planned before */
  #memory: "unread" | "reading" | "read" = "unread";
  #begun: Promise<void> = Promise.resolve();
  #running = false;
  #timer: Timer | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #storedMs = 0;

  constructor(parts: OutputsParts) {
    const { clock, disk, log, alarms } = parts;
    const live = this.#live;
    this.#parts = parts;
    this.#kept = new Kept(disk, clock, log);
    this.#startedMs = clock.monotonicMs();
    this.#watch = new PlanWatch(clock);
    this.#announcer = new Announcer(alarms);
    const refusals = (output: DeclaredOutput, value: Write["value"]): Iterable<Refusal> =>
      this.#refusals(output, value);
    this.#commands = new Commands({
      clock,
      live,
      refusals,
      confirmed: (output, value) => this.#commanded(output, value),
    });
    this.#plan = new PlanRun({
      clock,
      log,
      live,
      confirmed: (output) => void this.#change({ kind: "confirmed", output, bumpless: this.#watch.bumpless }),
      changed: () => this.#announce(),
    });
    this.#restoring = new Restoring({
      find: (ref) => this.#outputs.get(ref),
      refusals,
      write: (output, value, failed) => this.#restore(output, value, failed),
    });
  }

  /** Another configuration runs from now on; the buses have it already, and are started afterwards. */
  async apply(field: FieldSnapshot): Promise<void> {
    const { buses, book, clock } = this.#parts;
    this.#field = field;
    this.#outputs = declaredOutputs(buses.all);
    this.#live.keep(this.#outputs);
    const parts = { clock, book, live: this.#live, outputs: this.#outputs, startedMs: this.#startedMs };
    this.#guards = new Map(
      [...this.#outputs].flatMap(([ref, output]) => {
        const { guard } = output.output;
        return guard === undefined ? [] : [[ref, new Guard(output, guard, parts)] as const];
      }),
    );
    this.#plan.declare(field.plan, this.#outputs);
    if (this.#outputs.size > 0 && this.#memory === "unread") {
      this.#begun = this.#begin();
      await this.#begun;
    }
    this.#watch.declare(field.plan, this.#plan.outputs, this.#outputs, book);
    this.#act();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#outputs.size === 0) return;
    this.#timer = every(clock, this.#watch.hasTriggers ? TRIGGER_LOOK_MS : LOOK_MS, () => this.#look());
  }

  /** What was applied before this was the start of `field`; what is applied after it changes a running gateway. */
  started(): void {
    this.#running = true;
  }

  write(write: Write, answer: (written: Written) => void): void {
    const ref = `${write.source}/${write.point}`;
    const output = this.#outputs.get(ref);
    if (output !== undefined && this.#memory !== "read") {
      return answer(refused(write, "WRITE_HELD", "what was held before is still being read"));
    }
    if (output !== undefined) return this.#commands.write(output, write, answer);
    const known = this.#parts.book.find(ref) !== undefined;
    if (known) answer(refused(write, "WRITE_NOT_AN_OUTPUT", `${write.point} is not declared as an output`));
    else answer(refused(write, "WRITE_UNKNOWN_POINT", `no point ${ref}`));
  }

  async order(order: OutputsOrder): Promise<OrderDone> {
    const { id } = order;
    // what is read afterwards would take the place of what this changes
    await this.#begun;
    const outcome = carryOut(order, {
      state: this.#state,
      outputs: [...this.#outputs.values()],
      planned: this.#plan.outputs,
      holding: this.#watch.holding,
      unixMs: this.#parts.clock.wall().unixMs,
    });
    this.#parts.log.warn("outputs.order", { action: order.action, by: order.by, outputs: order.outputs.length });
    if (order.action === "release" && outcome.events.length > 0) this.#watch.released();
    await this.#change(...outcome.events);
    return outcome.refused === undefined ? { kind: "done", id } : { kind: "done", id, refused: outcome.refused };
  }

  /** Whether a broker takes telemetry now. */
  contact(online: boolean): void {
    void this.#change(...this.#watch.contact(online));
  }

  status(): OutputsStatus | undefined {
    const { plan } = this.#field ?? {};
    if (this.#outputs.size === 0) return undefined;
    const outputs = [...this.#outputs.values()].map((output) =>
      outputStatus(output, this.#state, this.#live.of(output.ref), this.#refusals(output, undefined)),
    );
    return {
      outputs,
      ...(plan === undefined ? {} : { plan: planStatus(plan, this.#state, this.#plan.failures, this.#plan.tookMs) }),
      ...holdStatus(this.#state),
      warnings: [...ownWarnings(this.#kept.fault, this.#restoring.given), ...this.#lossTimers()].slice(0, OUTPUTS_MAX),
    };
  }

  stop(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    return Promise.resolve();
  }

  /** What was held and planned before, and what this start means to each output. */
  async #begin(): Promise<void> {
    this.#memory = "reading";
    const { machineBoot, clock, log } = this.#parts;
    const [stored, machine] = await Promise.all([this.#kept.read(), machineBoot.id().catch(() => undefined)]);
    const { state, events, restore } = beginning({
      stored,
      machine,
      outputs: [...this.#outputs.values()],
      planned: this.#plan.outputs,
      starting: !this.#running,
      unixMs: clock.wall().unixMs,
    });
    this.#state = state;
    this.#memory = "read";
    this.#watch.resume(state);
    this.#restoring.begin(restore, clock.monotonicMs());
    log.info("outputs.begun", { events: events.map(({ kind }) => kind), held: state.held !== undefined });
    await this.#change(...events);
  }

  /** Stores what is new, and then acts on it. Commands feel it at once. */
  async #change(...events: readonly OutputsEvent[]): Promise<void> {
    const before = this.#state;
    this.#state = events.reduce(step, before);
    if (this.#state === before) return;
    this.#storedMs = this.#parts.clock.monotonicMs();
    await this.#kept.replace(this.#state);
    this.#act();
  }

  /** Makes the field what the state says. May be called at any time, any number of times. */
  #act(): void {
    const open = new Set(Object.entries(this.#state.planned).flatMap(([ref, { pending }]) => (pending ? [ref] : [])));
    const buses = new Set([...open].flatMap((ref) => this.#outputs.get(ref)?.bus ?? []));
    this.#commands.preempt(({ bus }) => buses.has(bus), "WRITE_IN_PLAN", "the fail-safe plan has this bus now");
    this.#commands.preempt(({ ref }) => isHeld(this.#state, ref), "WRITE_HELD", "somebody holds this output now");
    for (const ref of this.#outputs.keys()) {
      if (isHeld(this.#state, ref) || this.#state.planned[ref] !== undefined) this.#restoring.forget(ref);
    }
    this.#plan.want(open);
    this.#announce();
  }

  *#refusals(output: DeclaredOutput, value: Write["value"] | undefined): Generator<Refusal> {
    yield* standingRefusals(output, this.#state);
    const guard = this.#guards.get(output.ref);
    if (guard !== undefined) yield* guard.refusals(value);
  }

  #commanded({ ref, output }: DeclaredOutput, value: Write["value"]): void {
    this.#restoring.forget(ref);
    const { onStart, onRestart } = output.guard ?? {};
    if (onStart !== "last-commanded" && onRestart !== "last-commanded") return;
    void this.#change({ kind: "commanded", output: ref, value });
  }

  #restore(output: DeclaredOutput, value: Write["value"], failed: (message: string) => void): void {
    const { source, point, ref } = output;
    this.#parts.log.info("outputs.restoring", { output: ref });
    this.#commands.write(output, { kind: "write", id: 0, source: source.name, point: point.name, value }, (written) => {
      if (written.code !== undefined) failed(written.message ?? written.code);
    });
  }

  #look(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const events = this.#watch.look();
    if (nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      this.#restoring.look(nowMs);
      this.#announce();
      const retry = this.#kept.fault !== undefined && nowMs - this.#storedMs >= STORE_RETRY_MS;
      if (retry) {
        this.#storedMs = nowMs;
        void this.#kept.replace(this.#state);
      }
    }
    void this.#change(...events);
  }

  #lossTimers(): OutputsStatus["warnings"] {
    return this.#field === undefined ? [] : [...lossTimerWarnings(this.#field, this.#parts.book)];
  }

  #announce(): void {
    this.#announcer.announce(this.#state, this.#plan.failures, this.#lossTimers());
  }
}
