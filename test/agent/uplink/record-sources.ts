import { RECORD_MEMBERS_MAX } from "../../../agent/contract/telemetry.ts";
import type { RosterPoint } from "../../../agent/contract/telemetry.ts";
import type { SourcePlan } from "./stand-in-field.ts";

type Members = NonNullable<RosterPoint["record"]>["members"];

/** One member of every type there is. */
const NAMEPLATE: Members = [
  { name: "maker", type: "string" },
  { name: "serial", type: "uint32" },
  { name: "power", type: "float32", unit: "kW" },
  { name: "efficiency", type: "float64" },
  { name: "poles", type: "uint16" },
  { name: "offset", type: "int16" },
  { name: "hours", type: "uint64" },
  { name: "balance", type: "int64" },
  { name: "trips", type: "int32" },
  { name: "sealed", type: "bool" },
];
export const NAMEPLATE_VALUES = ["Holdfast", 4_000_000_000, 7.5, 0.93, 4, -3, "18446744073709551615", "-5", -7, true];

const nameplate: SourcePlan["points"][number] = {
  name: "nameplate",
  type: "record",
  record: { template: "motor", members: NAMEPLATE },
};

/** A source with a template instance and a data set, beside a plain point. */
export const MOTOR: SourcePlan = {
  name: "motor",
  points: [
    { name: "speed", type: "int16" },
    nameplate,
    {
      name: "curve",
      type: "record",
      record: {
        rows: 3,
        members: [
          { name: "flow", type: "float32", unit: "m3/h" },
          { name: "steps", type: "uint16" },
          { name: "note", type: "string" },
          { name: "valid", type: "bool" },
        ],
      },
    },
  ],
};
export const CURVE_VALUES = [0, 1, "a", true, 10.5, 2, "b", false, 20, 65_535, "", true];

/** Another instance of the same template, of a device that does not answer. */
export const SPARE: SourcePlan = { name: "spare", points: [nameplate] };

/** A record of as many members as there may be. */
export const WIDE: SourcePlan = {
  name: "wide",
  points: [
    {
      name: "all",
      type: "record",
      record: {
        template: "wide",
        members: Array.from({ length: RECORD_MEMBERS_MAX }, (_, i) => ({ name: `m${i}`, type: "uint16" as const })),
      },
    },
  ],
};
