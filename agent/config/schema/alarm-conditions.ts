import Type from "typebox";
import { ALARM_MS_MAX } from "../snapshot/logic.ts";
import { EXPRESSION_CHARS_MAX } from "../snapshot/expression.ts";
import { Line, closed } from "./text.ts";
import { Plain } from "./value.ts";

/** A point of any device of the gateway, its derived ones included. */
export const PointRefText = Line(129, "the point, as device/point");

export const Hysteresis = Type.Number({
  minimum: 0,
  default: 0,
  description: "how far back inside the limit the value must come for the condition to be over",
});

const limit = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        point: PointRefText,
        limit: Type.Number({ description: "scaled, as the point is" }),
        hysteresis: Type.Optional(Hysteresis),
      },
      { ...closed, description },
    ),
  );

export const Rate = Type.Object(
  {
    point: PointRefText,
    perSecondMax: Type.Number({ minimum: 0, description: "change in a second, either way; more than 0" }),
    windowMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        default: 10_000,
        description: "between the two values that are compared",
      }),
    ),
    hysteresis: Type.Optional(Hysteresis),
  },
  { ...closed, description: "The value changes faster than a limit." },
);

export const Unchanged = Type.Object(
  {
    point: PointRefText,
    forMs: Type.Integer({ minimum: 1_000, maximum: ALARM_MS_MAX, description: "good, and the same for so long" }),
    deadband: Type.Optional(
      Type.Number({ minimum: 0, default: 0, description: "moving no further than this counts as the same" }),
    ),
  },
  { ...closed, description: "A sensor that is stuck: its value is good and does not move." },
);

/** What an alarm may be about. A rule has exactly one of them. */
export const AlarmConditions = {
  high: limit("The value is above a limit."),
  low: limit("The value is below a limit."),
  rate: Type.Optional(Rate),
  state: Type.Optional(
    Type.Object(
      { point: PointRefText, is: Plain("the value that raises it: true, false, a number or a text") },
      { ...closed, description: "The value is exactly this." },
    ),
  ),
  unchanged: Type.Optional(Unchanged),
  noValue: Type.Optional(
    Type.Object({ point: PointRefText }, { ...closed, description: "There is no usable value: bad or stale." }),
  ),
  when: Type.Optional(Line(EXPRESSION_CHARS_MAX, "an expression, such as '[well/in] - [well/out] > 3'")),
};
