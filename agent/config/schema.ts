import Type from "typebox";
import { SERIAL_LINES_MAX, UPLINK_INTERFACES_MAX } from "./snapshot.ts";
import { SOURCES_MAX } from "../contract/telemetry.ts";
import { Alarms } from "./schema/alarms.ts";
import { Bus } from "./schema/bus.ts";
import { Derived } from "./schema/derived.ts";
import { Plan } from "./schema/plan.ts";
import { Io } from "./schema/io.ts";
import { ModbusServer } from "./schema/modbus-server.ts";
import { Notify } from "./schema/notify.ts";
import { Interface, Name, closed } from "./schema/text.ts";
import { Uplink } from "./schema/uplink.ts";

export const Interfaces = Type.Object(
  {
    field: Type.Optional(Interface("network interface of field sockets")),
    uplink: Type.Optional(
      Type.Array(Interface("name of a network interface"), {
        minItems: 1,
        maxItems: UPLINK_INTERFACES_MAX,
        description:
          "network interfaces of the broker connection, the best first: the next one serves while it is away",
      }),
    ),
  },
  { ...closed, description: "Which network interface each side uses, so that the two never mix; default: the routes." },
);

/** The one schema of `gateway.yaml`: types, `config check`, `config schema` and the reference in the docs come from it. */
export const GatewayFile = Type.Object(
  {
    site: Name("where the gateway stands"),
    device: Name("which gateway it is, unique in its site"),
    interfaces: Type.Optional(Interfaces),
    uplink: Uplink,
    derived: Type.Optional(Derived),
    alarms: Type.Optional(Alarms),
    plan: Type.Optional(Plan),
    io: Type.Optional(Io),
    notify: Type.Optional(Notify),
    modbusServer: Type.Optional(ModbusServer),
    buses: Type.Array(Bus, {
      minItems: 1,
      maxItems: SOURCES_MAX,
      description: `serial lines, at most ${SERIAL_LINES_MAX}, and field sockets`,
    }),
  },
  { ...closed, title: "Holdfast gateway configuration" },
);
export type GatewayFile = Type.Static<typeof GatewayFile>;

/** The default a schema states: the only place where defaults are written. */
export function defaultOf<Schema extends Type.TSchema>(schema: Schema): Type.Static<Schema> {
  if (!("default" in schema)) throw new TypeError("this schema states no default");
  return schema.default as Type.Static<Schema>;
}
