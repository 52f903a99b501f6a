import { GatewayFile } from "../schema.ts";
import { shapeOf } from "../schema/shape.ts";
import type { Shape } from "../schema/shape.ts";
import { nearest } from "./nearest.ts";

/** What other programs and nameplates call our keys. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  unit: ["slave", "slaveid", "unitid", "id", "station"],
  pollMs: ["interval", "period", "pollinterval", "scanrate", "cycle"],
  baudRate: ["baud", "speed", "baudrate"],
  path: ["port", "device", "tty", "serialport"],
  requests: ["merge", "optimization", "optimisation"],
  optimise: ["optimize", "optimization", "optimisation"],
  insertMax: ["gapmax", "optimizationmaxregisterfill", "maxinsert"],
  blocks: ["groups", "spans", "ranges"],
  framing: ["transmissionmode", "mode", "encapsulation"],
  connectPauseMs: ["pauseafterconnect"],
  closeAfterPolls: ["closeconnectionaftergather"],
  onePerPoint: ["onerequestperfield"],
  coilsFromZero: ["readcoilsstartingatzero"],
  byteLocation: ["stringregisterlocation"],
  ascii: ["modbusascii"],
  rtu: ["serial", "serialline", "modbusrtu"],
  tcp: ["socket", "modbustcp"],
  host: ["ip", "ipaddress", "address", "server"],
  address: ["register", "reg", "startaddress", "offset"],
  table: ["function", "functioncode", "registertype", "area"],
  type: ["datatype", "format"],
  scale: ["factor", "multiplier", "gain"],
  url: ["host", "address", "server", "broker", "uri", "endpoint"],
  passwordFile: ["password", "pwd", "secret"],
  profile: ["vendor", "kind"],
  day: ["daily"],
  month: ["monthly"],
  live: ["telemetry", "data"],
  anchors: ["ca", "cafile", "cacert", "truststore"],
  certificate: ["cert", "certfile", "clientcert"],
  key: ["keyfile", "privatekey"],
  devices: ["slaves", "units"],
  points: ["tags", "registers", "datapoints", "metrics"],
  members: ["fields", "columns", "struct"],
  at: ["address", "register", "reg", "offset"],
  busyRetries: ["retries"],
  busyRetryMs: ["busyretrieswait"],
  timeoutMs: ["timeout", "responsetimeout"],
  deadband: ["hysteresis", "threshold"],
  buses: ["lines", "connections", "channels"],
  group: ["groupid"],
  edgeNode: ["edgenodeid", "node"],
};

/** What to write instead of a key that the schema does not have at this place. @param others that can stand there, too */
export function unknownKeyHint(at: Shape, offered: string, others: readonly string[] = []): string {
  if (offered === "<<")
    return "write the keys out, or repeat a whole value with an anchor: merge keys are not YAML 1.2";
  const known = Object.keys(at.properties ?? {});
  const near = nearest(offered, [...known, ...others]);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const plain = offered.toLowerCase().replace(/[^a-z]/gu, "");
  const meant = known.find((key) => SYNONYMS[key]?.includes(plain) === true);
  if (meant !== undefined) return `here it is called \`${meant}\``;
  const places = placesOf(shapeOf(GatewayFile), offered, "");
  if (places.length > 0) return `\`${offered}\` belongs in ${places.join(" or ")}: check the indentation`;
  return `the keys that can stand here are ${known.join(", ")}`;
}

function placesOf(shape: Shape, key: string, path: string): readonly string[] {
  if (shape.items !== undefined) return placesOf(shape.items, key, `${path}[]`);
  const properties = Object.entries(shape.properties ?? {});
  const here = properties.some(([name]) => name === key) ? [path === "" ? "the top level" : `\`${path}\``] : [];
  return [
    ...here,
    ...properties.flatMap(([name, child]) => placesOf(child, key, path === "" ? name : `${path}.${name}`)),
  ];
}
