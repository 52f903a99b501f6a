import Type from "typebox";
import { OUTPUTS_MAX } from "../../contract/outputs.ts";
import { Condition, Reference } from "./output.ts";
import { Name, closed } from "./text.ts";
import { Plain } from "./value.ts";

const MINUTE_MS = 60_000;
/** Reasons to stop a plant that a person can still oversee. */
export const PLAN_TRIGGERS_MAX = 32;

export const PlanStep = Type.Object(
  {
    output: Reference("output as device/point"),
    value: Plain("scaled, as it is read back: true or false, a number, or text"),
    waitMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MINUTE_MS,
        default: 0,
        description: "pause after the step before it on the same bus",
      }),
    ),
  },
  { ...closed, description: "One output and what it is written." },
);

export const PlanTrigger = Type.Object(
  {
    name: Name("what the status calls it"),
    when: Condition("expression that is good and true; a value that is not good is no trigger"),
    forMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 60 * MINUTE_MS, default: 0, description: "it must last so long" }),
    ),
  },
  { ...closed, description: "What makes the plan due." },
);

export const Plan = Type.Object(
  {
    finishMsMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 60 * MINUTE_MS,
        default: 30_000,
        description:
          "longest it may take, from the death of the process to the last write; a plan that may take longer is refused: see `config plan`",
      }),
    ),
    bumpless: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "outputs may be written again as soon as the trigger is over; false: after `holdfast outputs release`",
      }),
    ),
    triggers: Type.Optional(
      Type.Array(PlanTrigger, {
        minItems: 1,
        maxItems: PLAN_TRIGGERS_MAX,
        description: "beside an operator's `outputs to-plan` and what each output says of starts and a lost uplink",
      }),
    ),
    steps: Type.Array(PlanStep, {
      minItems: 1,
      maxItems: OUTPUTS_MAX,
      description: "in order on each bus; buses do not wait for each other",
    }),
  },
  { ...closed, description: "The fail-safe plan: what outputs are written when it is due. Not a safety function." },
);
export type Plan = Type.Static<typeof Plan>;
