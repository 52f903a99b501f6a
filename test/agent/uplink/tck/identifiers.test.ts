import { expect, test } from "vitest";
import { edited, refusals } from "../../config/gateway-file.ts";
import { played } from "./situation.ts";

const play = played();
const RESERVED = ["a+b", "a/b", "a#b"];
/** What MQTT keeps out of topic names (MQTT 3.1.1 §1.5.3, §4.7.3), and what its brokers may. */
const NO_TOPIC = ["a\u0000b", "a\ud800b", ""];
const GROUP = "uplink.sparkplug";
const DEVICE = "buses.0.devices.0.name";

const refused = (path: string, value: unknown): readonly string[] => refusals(edited({ [path]: value }));

/** The configuration is where the ids come from: what it lets pass is what stands in topics. */
function refusesEach(path: string, named: string, values: readonly string[], wrap: (value: string) => unknown): void {
  expect(refused(path, wrap("right"))).toEqual([]);
  for (const value of values) expect(refused(path, wrap(value)).join(), JSON.stringify(value)).toContain(named);
}
const asGroup = (group: string) => ({ group });
const asEdgeNode = (edgeNode: string) => ({ edgeNode });

test("tck-id-intro-group-id-string: the group is the text of the configuration, in every topic", () => {
  for (const { topic } of play.life().messages) expect(topic.split("/")[1]).toBe("harbour");
});

test("tck-id-intro-group-id-chars: a group that MQTT allows in no topic is refused", () => {
  refusesEach(GROUP, "uplink.sparkplug.group", NO_TOPIC, asGroup);
});

test("tck-id-intro-edge-node-id-string: the edge node is the text of the configuration, in every topic", () => {
  for (const { topic } of play.life().messages) expect(topic.split("/")[3]).toBe("gw-1");
});

test("tck-id-intro-edge-node-id-chars: an edge node that MQTT allows in no topic is refused", () => {
  refusesEach(GROUP, "uplink.sparkplug.edgeNode", NO_TOPIC, asEdgeNode);
});

test("tck-id-intro-device-id-string: a device is called in topics what it is called in the configuration", () => {
  const devices = play
    .life()
    .of("DBIRTH", "DDATA", "DDEATH")
    .map(({ topic }) => topic.split("/")[4]);
  expect(new Set(devices)).toEqual(new Set(["pump", "meter"]));
});

test("tck-id-intro-device-id-chars: a device that MQTT allows in no topic is refused", () => {
  refusesEach(DEVICE, DEVICE_PATH, NO_TOPIC, (name) => name);
});

const DEVICE_PATH = "buses[0].devices[0].name";

test("tck-id-topic-structure-namespace-valid-group-id: a group with a reserved character is refused", () => {
  refusesEach(GROUP, "uplink.sparkplug.group", RESERVED, asGroup);
});

test("tck-id-topic-structure-namespace-valid-edge-node-id: an edge node with a reserved character is refused", () => {
  refusesEach(GROUP, "uplink.sparkplug.edgeNode", RESERVED, asEdgeNode);
});

test("tck-id-topic-structure-namespace-valid-device-id: a device with a reserved character is refused", () => {
  refusesEach(DEVICE, DEVICE_PATH, RESERVED, (name) => name);
});

test("tck-id-topic-structure-namespace-unique-device-id: two devices of one name are refused, on any bus", () => {
  const twice = refusals(edited({ "buses.1.devices.0.name": "pump-1" }));
  expect(twice).toEqual(["CONFIG_NAME_DUPLICATE buses[1].devices[0].name"]);
});

test("tck-id-case-sensitivity-sparkplug-ids: two devices that differ only in case are refused", () => {
  const caseless = refusals(edited({ "buses.1.devices.0.name": "PUMP-1" }));
  expect(caseless).toEqual(["CONFIG_NAME_DUPLICATE buses[1].devices[0].name"]);
});

test("tck-id-case-sensitivity-metric-names: two points of a device that differ only in case are refused", () => {
  const point = (name: string, address: number) => ({ name, table: "input-register", address });
  const points = (second: string) => edited({ "buses.0.devices.0.points": [point("Speed", 0), point(second, 1)] });
  expect(refusals(points("flow"))).toEqual([]);
  expect(refusals(points("speed"))).toEqual(["CONFIG_NAME_DUPLICATE buses[0].devices[0].points[1].name"]);
});
