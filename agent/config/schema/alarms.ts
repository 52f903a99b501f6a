import Type from "typebox";
import { ALARMS_MAX, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import type { SystemAlarm } from "../../contract/alarms.ts";
import { ALARM_MS_MAX } from "../snapshot/logic.ts";
import { AlarmConditions } from "./alarm-conditions.ts";
import { ExpressionText } from "./derived.ts";
import { Line, Name, closed } from "./text.ts";

const TEXT_CHARS_MAX = 200;

const PRIORITIES = [
  Type.Literal("critical"),
  Type.Literal("high"),
  Type.Literal("medium"),
  Type.Literal("low"),
] as const;

const delay = (description: string) => Type.Integer({ minimum: 0, maximum: ALARM_MS_MAX, default: 0, description });

export const AlarmText = Type.Object(
  {
    en: Line(TEXT_CHARS_MAX, "what a technician reads, in English"),
    de: Type.Optional(Line(TEXT_CHARS_MAX, "the same in German")),
  },
  { ...closed, description: "What the alarm means, in a technician's words." },
);

export const AlarmRule = Type.Object(
  {
    name: Name("metric name, unique among the alarms"),
    priority: Type.Optional(
      Type.Union([...PRIORITIES], { default: "medium", description: "how soon somebody has to act" }),
    ),
    text: AlarmText,
    ...AlarmConditions,
    onDelayMs: Type.Optional(delay("the condition must last so long before the alarm is raised")),
    offDelayMs: Type.Optional(delay("the condition must be over so long before the alarm has returned")),
    acknowledge: Type.Optional(
      Type.Boolean({ default: true, description: "whether somebody must acknowledge it; without, it goes as it came" }),
    ),
    suppressedWhen: Type.Optional(
      ExpressionText("suppressed by design while this is good and true, such as 'not [pump-1/running]'"),
    ),
    shelveMsMax: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: ALARM_MS_MAX,
        default: 28_800_000,
        description: "the longest somebody may shelve it at a time; 0: never",
      }),
    ),
  },
  { ...closed, description: "One alarm: exactly one of high, low, rate, state, unchanged, noValue, when." },
);
export type AlarmRule = Type.Static<typeof AlarmRule>;

const systemAlarm = Type.Optional(
  Type.Union([...PRIORITIES, Type.Literal("off")], { description: "another priority than its own, or off" }),
);

export const Alarms = Type.Object(
  {
    device: Type.Optional(
      Type.String({ ...Name("Sparkplug device id of the alarms, unique in the gateway"), default: "alarms" }),
    ),
    system: Type.Optional(
      Type.Object(
        Object.fromEntries(Object.keys(SYSTEM_ALARMS).map((name) => [name, systemAlarm])) as Record<
          SystemAlarm,
          typeof systemAlarm
        >,
        { ...closed, description: "Alarms of the gateway itself, which need no rule." },
      ),
    ),
    rules: Type.Optional(
      Type.Array(AlarmRule, { maxItems: ALARMS_MAX, description: "alarms about the plant; default: none" }),
    ),
  },
  { ...closed, description: "What somebody has to be told of, with its state after IEC 62682." },
);
export type Alarms = Type.Static<typeof Alarms>;
