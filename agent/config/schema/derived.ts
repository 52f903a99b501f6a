import Type from "typebox";
import { DERIVED_POINTS_MAX } from "../snapshot/logic.ts";
import { EXPRESSION_CHARS_MAX } from "../snapshot/expression.ts";
import { Line, Name, closed } from "./text.ts";
import { Deadband } from "./value.ts";

const DAY_MS = 86_400_000;

export const ExpressionText = (description: string) => Line(EXPRESSION_CHARS_MAX, description);

export const DerivedPoint = Type.Object(
  {
    name: Name("metric name, unique among the derived points"),
    expression: ExpressionText("what it is reckoned from, such as '[well/in] - [well/out]'"),
    everyMs: Type.Optional(
      Type.Integer({ minimum: 100, maximum: DAY_MS, default: 1_000, description: "how often it is reckoned" }),
    ),
    unit: Type.Optional(Line(32, "engineering unit, such as m3/h")),
    low: Type.Optional(Type.Number({ description: "engineering range: below it a value is uncertain" })),
    high: Type.Optional(Type.Number({ description: "engineering range: above it a value is uncertain" })),
    deadband: Type.Optional(Deadband),
    heartbeatMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: DAY_MS,
        default: 60_000,
        description: "report at least this often without a change; 0: only on change",
      }),
    ),
  },
  { ...closed, description: "One point that is reckoned from others. Its type follows from the expression." },
);
export type DerivedPoint = Type.Static<typeof DerivedPoint>;

export const Derived = Type.Object(
  {
    device: Type.Optional(
      Type.String({ ...Name("Sparkplug device id of the derived points, unique in the gateway"), default: "derived" }),
    ),
    points: Type.Array(DerivedPoint, { minItems: 1, maxItems: DERIVED_POINTS_MAX, description: "what is reckoned" }),
  },
  {
    ...closed,
    description: "Points that the gateway reckons from others, in an order that follows from what they read.",
  },
);
export type Derived = Type.Static<typeof Derived>;
