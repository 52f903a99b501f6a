import type { PointRef } from "../../config/snapshot/expression.ts";
import type { Write } from "../../contract/rooms.ts";
import type { DeclaredOutput } from "./declared.ts";
import { Guard } from "./guard.ts";
import type { GuardParts, Refusal } from "./guard.ts";
import { standingRefusals } from "./standing-refusals.ts";
import type { OutputsState } from "./state.ts";

/** Everything that speaks against a write: what people and the plan said, and then what the output itself declares. */
export class Guards {
  #guards: ReadonlyMap<PointRef, Guard> = new Map();

  /** Another configuration. */
  declare(parts: GuardParts): void {
    this.#guards = new Map(
      [...parts.outputs].flatMap(([ref, output]) => {
        const { guard } = output.output;
        return guard === undefined ? [] : [[ref, new Guard(output, guard, parts)] as const];
      }),
    );
  }

  /** The most important first. @param value undefined: whatever it is */
  *refusals(output: DeclaredOutput, value: Write["value"] | undefined, state: OutputsState): Generator<Refusal> {
    yield* standingRefusals(output, state);
    const guard = this.#guards.get(output.ref);
    if (guard !== undefined) yield* guard.refusals(value);
  }
}
