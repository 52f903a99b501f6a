import type { Clock } from "../../../hal/clock.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { PlanSnapshot } from "../../config/snapshot/outputs.ts";
import type { Log } from "../../contract/log.ts";
import type { Bus } from "../bus/bus.ts";
import { encodeValue } from "../points/encode.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { LiveOutputs } from "./live.ts";
import { PlanLane } from "./plan-lane.ts";
import type { LaneStep } from "./step-queue.ts";

export interface PlanRunParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveOutputs;
  confirmed(ref: PointRef): void;
  /** a step failed, or one that had failed did not */
  changed(): void;
}

/** Writes the plan: a lane for each bus, none of which waits for another. */
export class PlanRun {
  readonly #parts: PlanRunParts;
  #lanes = new Map<Bus, PlanLane>();
  #steps: readonly LaneStep[] = [];
  /** since when something of the plan is open, monotonic */
  #sinceMs: number | undefined;
  #tookMs: number | undefined;

  constructor(parts: PlanRunParts) {
    this.#parts = parts;
  }

  /** Another configuration: what is open is written as the new one says. */
  declare(plan: PlanSnapshot | undefined, outputs: ReadonlyMap<PointRef, DeclaredOutput>): void {
    this.#steps = (plan?.steps ?? []).flatMap(({ output: ref, value, waitMs }): readonly LaneStep[] => {
      const output = outputs.get(ref);
      if (output === undefined) return [];
      const encoded = encodeValue(output.point, value);
      if (encoded.kind !== "refused") return [{ output, value, encoded, waitMs }];
      this.#parts.log.error("plan.step-refused", { output: ref, code: encoded.code, message: encoded.message });
      return [];
    });
    const buses = new Set(this.#steps.map(({ output }) => output.bus));
    const before = this.#lanes;
    this.#lanes = new Map([...buses].map((bus) => [bus, before.get(bus) ?? this.#lane(bus)]));
    for (const [bus, lane] of before) if (!buses.has(bus)) lane.want([]);
  }

  /** Outputs that have a step. */
  get outputs(): readonly PointRef[] {
    return this.#steps.map(({ output }) => output.ref);
  }

  /** Writes these steps and no others from now on. */
  want(open: ReadonlySet<PointRef>): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const steps = this.#steps.filter(({ output }) => open.has(output.ref));
    if (steps.length > 0 && this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      this.#tookMs = undefined;
    } else if (steps.length === 0 && this.#sinceMs !== undefined) {
      this.#tookMs = nowMs - this.#sinceMs;
      this.#sinceMs = undefined;
    }
    for (const [bus, lane] of this.#lanes) lane.want(steps.filter(({ output }) => output.bus === bus));
  }

  /** From the trigger to the last confirmed step; undefined while any is open, and before the first. */
  get tookMs(): number | undefined {
    return this.#tookMs;
  }

  get failures(): ReadonlyMap<PointRef, string> {
    return new Map([...this.#lanes.values()].flatMap((lane) => [...lane.failures]));
  }

  #lane(bus: Bus): PlanLane {
    const { clock, live, log, confirmed, changed } = this.#parts;
    return new PlanLane(bus, clock, {
      sending({ output, value }) {
        live.of(output.ref).sending({ value, atMs: clock.monotonicMs(), unixMs: clock.wall().unixMs });
      },
      confirmed({ output, value }) {
        live.of(output.ref).sent(value, false, clock.monotonicMs());
        confirmed(output.ref);
      },
      failed({ output, value }, message, perhaps) {
        live.of(output.ref).sent(value, perhaps, clock.monotonicMs());
        log.warn("plan.step-failed", { output: output.ref, message });
        changed();
      },
      skipped({ output }, message) {
        log.warn("plan.step-failed", { output: output.ref, message });
        changed();
      },
      dropped({ output, value }) {
        live.of(output.ref).sent(value, true, clock.monotonicMs());
      },
    });
  }
}
