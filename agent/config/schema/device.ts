import Type from "typebox";
import { POINTS_PER_SOURCE_MAX } from "../../contract/telemetry.ts";
import { CommunicationLossTimer } from "./communication-loss-timer.ts";
import { Point, PollMs } from "./point.ts";
import { Requests } from "./requests.ts";
import { Name, closed } from "./text.ts";

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
          "serial lines, also behind a socket: after a timeout this unit is not asked again for so long and whatever is heard is thrown away; default: twice the timeout",
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
    busyRetries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10,
        default: 0,
        description: "how often a read is asked again that was answered with exception 5 or 6: busy",
      }),
    ),
    busyRetryMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, default: 100, description: "pause before each of them" }),
    ),
    addressBase: Type.Optional(
      Type.Union([Type.Literal(0), Type.Literal(1)], {
        default: 0,
        description:
          "whether addresses of this device are written from 0, as on the wire, or from 1, as many manuals have them",
      }),
    ),
    requests: Type.Optional(Requests),
    communicationLossTimer: Type.Optional(CommunicationLossTimer),
    points: Type.Array(Point, { minItems: 1, maxItems: POINTS_PER_SOURCE_MAX, description: "what is read from it" }),
  },
  { ...closed, description: "One unit on a bus." },
);
export type Device = Type.Static<typeof Device>;
