import Type from "typebox";
import { POINTS_PER_SOURCE_MAX } from "../../contract/telemetry.ts";
import { Point, PollMs } from "./point.ts";
import { Name, closed } from "./text.ts";

export const Merge = Type.Object(
  {
    gapMax: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 124,
        default: 0,
        description: "registers or bits nobody asked for that may be read along to bridge two points",
      }),
    ),
    registersMax: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 125, default: 125, description: "registers in one request" }),
    ),
    bitsMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2000,
        default: 2000,
        description: "coils or discrete inputs in one request",
      }),
    ),
  },
  {
    ...closed,
    description:
      "Read neighbouring registers in one request; `merge: {}` for the defaults. Off where absent: some devices answer only for exactly what they document.",
  },
);

export const Device = Type.Object(
  {
    name: Name("Sparkplug device id, unique in the gateway"),
    unit: Type.Integer({
      minimum: 0,
      maximum: 255,
      description: "unit id: 1 to 247 on a serial line, 0 to 255 over TCP; unique on its bus",
    }),
    pollMs: Type.Optional(Type.Integer({ ...PollMs, default: 1_000, description: "how often its points are read" })),
    timeoutMs: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 60_000,
        description:
          "how long to wait for a reply; one that is arriving on a serial line is heard to its end; default: 300 on a serial line, 1000 over TCP",
      }),
    ),
    lateReplyMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 120_000,
        description:
          "serial lines only: after a timeout this unit is not asked again for so long and whatever is heard is thrown away; default: twice the timeout",
      }),
    ),
    requestGapMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 0,
        description: "silence before a request, beyond the standard's T3.5",
      }),
    ),
    probeMsMax: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        default: 60_000,
        description: "longest pause between attempts to reach a dead device",
      }),
    ),
    merge: Type.Optional(Merge),
    points: Type.Array(Point, { minItems: 1, maxItems: POINTS_PER_SOURCE_MAX, description: "what is read from it" }),
  },
  { ...closed, description: "One unit on a bus." },
);
export type Device = Type.Static<typeof Device>;
