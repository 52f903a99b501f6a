import Type from "typebox";
import { Name, closed } from "./text.ts";

export const CommunicationLossTimer = Type.Object(
  {
    point: Type.Optional(Name("point of this device that reads it; not 0, or true, is armed")),
    none: Type.Optional(
      Type.Boolean({ description: "true: the device has none, and nobody wants to be warned about it" }),
    ),
  },
  {
    ...closed,
    description:
      "The device's own timer that acts when nobody talks to it any more: read and reported, never written. Give exactly one of point and none.",
  },
);
export type CommunicationLossTimer = Type.Static<typeof CommunicationLossTimer>;
