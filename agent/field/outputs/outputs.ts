import { every } from "../../../hal/clock.ts";
import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { MachineBoot } from "../../../hal/machine-boot.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import { TRIGGER_LOOK_MS } from "../../config/timing/restart.ts";
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
import type { Beginning, BeginningFacts } from "./beginning.ts";
import { Commanding } from "./commanding.ts";
import { declaredOutputs } from "./declared.ts";
import type { DeclaredOutput } from "./declared.ts";
import { Ledger } from "./ledger.ts";
import { LiveOutputs } from "./live.ts";
import { lossTimerWarnings } from "./loss-timers.ts";
import { carryOut } from "./order.ts";
import { holdStatus, outputStatus, planStatus } from "./outputs-status.ts";
import { PlanRun } from "./plan-run.ts";
import { PlanWatch } from "./plan-watch.ts";
import { ownWarnings } from "./warnings.ts";

/** How often everything slower is looked at. */
const LOOK_MS = 1_000;

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
  readonly #ledger: Ledger;
  readonly #live = new LiveOutputs();
  readonly #commanding: Commanding;
  readonly #plan: PlanRun;
  readonly #announcer: Announcer;
  readonly #watch: PlanWatch;
  #field: FieldSnapshot | undefined;
  #outputs: ReadonlyMap<PointRef, DeclaredOutput> = new Map();
  #running = false;
  #timer: Timer | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: OutputsParts) {
    const { clock, disk, book, log, alarms } = parts;
    const live = this.#live;
    this.#parts = parts;
    this.#ledger = new Ledger({
      clock,
      disk,
      log,
      forbid: () => this.#commanding.forbid(this.#pending()),
      act: () => this.#act(),
    });
    this.#watch = new PlanWatch(clock);
    this.#announcer = new Announcer(alarms);
    this.#commanding = new Commanding({ clock, book, live, ledger: this.#ledger, log });
    this.#plan = new PlanRun({
      clock,
      log,
      live,
      confirmed: (output) => void this.#ledger.change({ kind: "confirmed", output, bumpless: this.#watch.bumpless }),
      changed: () => this.#announce(),
    });
  }

  /** Another configuration runs from now on; the buses have it already, and are started afterwards. */
  async apply(field: FieldSnapshot): Promise<void> {
    const { buses, book, clock } = this.#parts;
    this.#field = field;
    this.#outputs = declaredOutputs(buses.all);
    this.#live.keep(this.#outputs, clock.monotonicMs());
    this.#commanding.declare(this.#outputs);
    this.#plan.declare(field.plan, this.#outputs);
    if (this.#outputs.size > 0) await this.#ledger.begin((stored) => this.#begin(stored));
    this.#watch.declare(field, this.#plan.outputs, this.#outputs, book);
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
    this.#commanding.write(write, answer);
  }

  async order(order: OutputsOrder): Promise<OrderDone> {
    const { id } = order;
    await this.#ledger.settled();
    const outcome = carryOut(order, {
      state: this.#ledger.state,
      outputs: [...this.#outputs.values()],
      planned: this.#plan.outputs,
      holding: this.#watch.holding,
      unixMs: this.#parts.clock.wall().unixMs,
    });
    this.#parts.log.warn("outputs.order", { action: order.action, by: order.by, outputs: order.outputs.length });
    if (order.action === "release" && outcome.events.length > 0) this.#watch.released();
    await this.#ledger.change(...outcome.events);
    return outcome.refused === undefined ? { kind: "done", id } : { kind: "done", id, refused: outcome.refused };
  }

  /** Whether a broker takes telemetry now. */
  contact(online: boolean): void {
    void this.#ledger.change(...this.#watch.contact(online));
  }

  status(): OutputsStatus | undefined {
    if (this.#outputs.size === 0) return undefined;
    const { state, fault } = this.#ledger;
    const plan = this.#field?.plan;
    const outputs = [...this.#outputs.values()].map((output) =>
      outputStatus(output, state, this.#live.of(output.ref), this.#commanding.refusals(output, undefined)),
    );
    const warnings = [...ownWarnings(fault, this.#commanding.notRestored), ...this.#lossTimers()];
    return {
      outputs,
      ...(plan === undefined ? {} : { plan: planStatus(plan, state, this.#plan.failures, this.#plan.tookMs) }),
      ...holdStatus(state),
      warnings: warnings.slice(0, OUTPUTS_MAX),
    };
  }

  stop(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    return Promise.resolve();
  }

  /** What this start means to each output. */
  async #begin(stored: BeginningFacts["stored"]): Promise<Pick<Beginning, "state" | "events">> {
    const { machineBoot, clock, log } = this.#parts;
    const { state, events, restore } = beginning({
      stored,
      machine: await machineBoot.id().catch(() => undefined),
      outputs: [...this.#outputs.values()],
      planned: this.#plan.outputs,
      starting: !this.#running,
      unixMs: clock.wall().unixMs,
    });
    this.#watch.resume(state);
    this.#commanding.restore(restore);
    log.info("outputs.begun", { events: events.map(({ kind }) => kind), held: state.held !== undefined });
    return { state, events };
  }

  /** Makes the field what the state says. May be called at any time, any number of times. */
  #act(): void {
    const pending = this.#pending();
    this.#commanding.forbid(pending);
    this.#plan.want(pending);
    this.#announce();
  }

  /** Outputs whose step of the plan is not confirmed. */
  #pending(): ReadonlySet<PointRef> {
    const { planned } = this.#ledger.state;
    return new Set(Object.entries(planned).flatMap(([ref, { pending }]) => (pending ? [ref] : [])));
  }

  #look(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const events = this.#watch.look();
    if (nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      this.#commanding.look();
      this.#announce();
      this.#ledger.retry();
    }
    void this.#ledger.change(...events);
  }

  #lossTimers(): OutputsStatus["warnings"] {
    return this.#field === undefined ? [] : [...lossTimerWarnings(this.#field, this.#parts.book)];
  }

  #announce(): void {
    this.#announcer.announce(this.#ledger.state, this.#plan.failures, this.#lossTimers());
  }
}
