import Type from "typebox";
import { OUTPUTS_MAX, POINT_REF_CHARS_MAX } from "../../contract/outputs.ts";
import { EXPRESSION_CHARS_MAX } from "../snapshot/expression.ts";
import { Line, closed } from "./text.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More conditions than this nobody checks at the machine. */
export const PERMISSIVES_MAX = 16;
/** A read-back as old as this default is still what a person at the machine sees. */
export const READ_BACK_MS_MIN = 5_000;
/** Polls that may go missing before the default calls a read-back stale. */
export const READ_BACK_POLLS = 3;

export const Condition = (description: string) => Line(EXPRESSION_CHARS_MAX, description);
export const Reference = (description: string) => Line(POINT_REF_CHARS_MAX, description);

const Recovery = (description: string) =>
  Type.Union([Type.Literal("leave"), Type.Literal("plan"), Type.Literal("last-commanded")], {
    default: "leave",
    description,
  });

export const Permissive = Type.Object(
  {
    when: Condition("expression that must be good and true, such as '[well/level] > 0.4'"),
    text: Type.Optional(Line(128, "what a technician is told while it does not hold; default: the expression")),
  },
  { ...closed, description: "A condition for writing." },
);

export const UplinkLost = Type.Object(
  {
    planAfterMs: Type.Integer({
      minimum: 1_000,
      maximum: 30 * DAY_MS,
      description: "no broker takes telemetry for so long, and the output goes to its step of the plan",
    }),
  },
  { ...closed, description: "What becomes of it while the uplink is away; default: nothing." },
);

export const Output = Type.Object(
  {
    write: Type.Optional(
      Type.Union([Type.Literal("single"), Type.Literal("multiple"), Type.Literal("mask")], {
        description:
          "function 5/6, 15/16 or 22; default: single where one register or coil suffices, mask for a bit of a register, else multiple",
      }),
    ),
    low: Type.Optional(Type.Number({ description: "scaled; a write below is refused" })),
    high: Type.Optional(Type.Number({ description: "scaled; a write above is refused" })),
    ratePerSecondMax: Type.Optional(
      Type.Number({
        minimum: 0.000_001,
        description: "largest change in a second, scaled; a faster one is refused",
      }),
    ),
    intervalMsMin: Type.Optional(
      Type.Integer({ minimum: 0, maximum: DAY_MS, default: 0, description: "least time between two commanded writes" }),
    ),
    remoteEnable: Type.Optional(
      Condition("hand/off/auto: expression that must be good and true, or somebody at the machine has authority"),
    ),
    permissives: Type.Optional(
      Type.Array(Permissive, {
        minItems: 1,
        maxItems: PERMISSIVES_MAX,
        description: "each must hold, or a write is refused with its text",
      }),
    ),
    excludes: Type.Optional(
      Type.Array(Reference("another output as device/point"), {
        minItems: 1,
        maxItems: OUTPUTS_MAX,
        description:
          "outputs of which none may be on while this one is switched on; it holds both ways, so say it at one of them",
      }),
    ),
    readBackMsMax: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: DAY_MS,
        description: `a write is refused while the latest reading is older; default: ${READ_BACK_POLLS} times pollMs, at least ${READ_BACK_MS_MIN}`,
      }),
    ),
    onStart: Type.Optional(Recovery("at the first start since the machine came up; leave: read back and report")),
    onRestart: Type.Optional(Recovery("at every later start; leave: read back and report")),
    onUplinkLost: Type.Optional(UplinkLost),
    onHold: Type.Optional(
      Type.Union([Type.Literal("leave"), Type.Literal("plan")], {
        default: "leave",
        description: "what `holdfast outputs hold` does beside refusing writes: nothing, or its step of the plan",
      }),
    ),
  },
  {
    ...closed,
    description:
      "Declares the point as an output: read back and reported. Nothing writes it without an authorised command. Not a safety function.",
  },
);
export type Output = Type.Static<typeof Output>;
