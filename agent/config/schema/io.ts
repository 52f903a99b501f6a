import Type from "typebox";
import { IO_INPUTS_MAX, IO_LEDS_MAX } from "../../contract/io.ts";
import { DIGITAL_LINE_PATTERN, Name, closed } from "./text.ts";

const DEBOUNCE_MS_MAX = 60_000;

const DigitalLine = (description: string) =>
  Type.String({ pattern: DIGITAL_LINE_PATTERN, maxLength: 160, description });

export const IoInput = Type.Object(
  {
    name: Name("metric name, unique among the inputs"),
    role: Type.Optional(
      Type.Union(
        [Type.Literal("input"), Type.Literal("presence"), Type.Literal("tamper"), Type.Literal("service-port")],
        {
          default: "input",
          description:
            "what it senses: a person at the button, an open housing, something plugged into the service port; the last two raise alarms",
        },
      ),
    ),
    line: DigitalLine("gpio:<number>, key:<name in /dev/input>/<code> or carrier:<network interface>"),
    invert: Type.Optional(Type.Boolean({ default: false, description: "true where the line is low" })),
    debounceMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: DEBOUNCE_MS_MAX,
        default: 50,
        description: "a level must last so long to count",
      }),
    ),
  },
  { ...closed, description: "One digital input of the gateway's housing." },
);
export type IoInput = Type.Static<typeof IoInput>;

export const IoRelay = Type.Object(
  {
    line: DigitalLine("gpio:<number> or led:<name in /sys/class/leds>"),
    failSafe: Type.Optional(
      Type.Boolean({
        default: true,
        description: "energised while there is no alarm, so that a cut wire and a lost supply are alarms, too",
      }),
    ),
    priority: Type.Optional(
      Type.Union([Type.Literal("critical"), Type.Literal("high"), Type.Literal("medium"), Type.Literal("low")], {
        default: "high",
        description: "alarms of this priority and above",
      }),
    ),
    untilAcknowledged: Type.Optional(
      Type.Boolean({
        default: false,
        description: "ends once every alarm is acknowledged; otherwise once every one has returned",
      }),
    ),
  },
  { ...closed, description: "A relay that says that there is an alarm." },
);
export type IoRelay = Type.Static<typeof IoRelay>;

export const IoLed = Type.Object(
  {
    line: DigitalLine("led:<name in /sys/class/leds> or gpio:<number>"),
    shows: Type.Union([Type.Literal("running"), Type.Literal("alarm"), Type.Literal("uplink")], {
      description: "running blinks; alarm blinks until acknowledged and is on until over; uplink is on with a broker",
    }),
  },
  { ...closed, description: "One LED of the housing." },
);

export const Io = Type.Object(
  {
    device: Type.Optional(
      Type.String({ ...Name("Sparkplug device id of the inputs, unique in the gateway"), default: "io" }),
    ),
    inputs: Type.Optional(Type.Array(IoInput, { maxItems: IO_INPUTS_MAX, description: "default: none" })),
    relay: Type.Optional(IoRelay),
    leds: Type.Optional(Type.Array(IoLed, { maxItems: IO_LEDS_MAX, description: "default: none" })),
  },
  { ...closed, description: "Inputs, alarm relay and LEDs of the gateway's own housing." },
);
export type Io = Type.Static<typeof Io>;
