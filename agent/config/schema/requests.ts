import Type from "typebox";
import { closed } from "./text.ts";

/** Blocks that one device may declare: more would be a register map, and that is what points are. */
const BLOCKS_MAX = 256;

const Block = Type.Object(
  {
    table: Type.Union(
      [
        Type.Literal("coil"),
        Type.Literal("discrete-input"),
        Type.Literal("input-register"),
        Type.Literal("holding-register"),
      ],
      { description: "which of the four Modbus tables" },
    ),
    address: Type.Integer({
      minimum: 0,
      maximum: 65_536,
      description: "its first address, counted as those of points",
    }),
    count: Type.Integer({ minimum: 1, maximum: 65_536, description: "registers, coils or discrete inputs in it" }),
  },
  { ...closed, description: "Addresses that may be read together although not every one of them is a point." },
);

export const Requests = Type.Object(
  {
    optimise: Type.Optional(
      Type.Union(
        [Type.Literal("none"), Type.Literal("shrink"), Type.Literal("rearrange"), Type.Literal("max-insert")],
        {
          default: "none",
          description:
            "none: neighbouring points together, blocks as they are declared; shrink: blocks without what is unused at both ends; rearrange: as few registers as so many requests can do with; max-insert: gaps of up to insertMax are read along",
        },
      ),
    ),
    insertMax: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_999,
        default: 50,
        description: "with max-insert: registers or bits nobody asked for that may be read along between two points",
      }),
    ),
    onePerPoint: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "a request of its own for every point, for devices that answer only for exactly what they document; points of the same registers still share one",
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
    coilsFromZero: Type.Optional(
      Type.Boolean({
        default: false,
        description: "begin every request for coils at address 0, for devices that refuse any other",
      }),
    ),
    blocks: Type.Optional(
      Type.Array(Block, {
        minItems: 1,
        maxItems: BLOCKS_MAX,
        description: "what may be read together beyond the points themselves; not with max-insert or onePerPoint",
      }),
    ),
  },
  { ...closed, description: "Which points are read together. docs/operate/modbus-wires.md has a picture." },
);
export type Requests = Type.Static<typeof Requests>;
