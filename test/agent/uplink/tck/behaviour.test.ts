import { expect, test } from "vitest";
import { openCell } from "../../../../hal/storage/cell.ts";
import type { Capture, Message } from "./capture.ts";
import { chronological, declaredAll, earlier, everyMetric, metric, seqFollows } from "./judge.ts";
import { played, stage } from "./situation.ts";

const play = played();
const NBIRTH = "spBv1.0/harbour/NBIRTH/gw-1";
const NDEATH = "spBv1.0/harbour/NDEATH/gw-1";

const wills = (capture: Capture) => capture.connects().map(({ connection }) => capture.will(connection));

test("tck-id-message-flow-edge-node-ncmd-subscribe: NCMD is subscribed to at QoS 1, on every connection", () => {
  const capture = play.life();
  const asked = capture.subscriptions().filter(({ topic }) => topic === "spBv1.0/harbour/NCMD/gw-1");
  expect(asked.map(({ qos }) => qos)).toEqual(capture.connects().map(() => 1));
});

test("tck-id-message-flow-edge-node-birth-publish-connect: births follow the CONNECT and SUBSCRIBE of their connection", () => {
  const { events } = play.life();
  for (const connection of [0, 1, 2]) {
    const kinds = events.filter((event) => event.connection === connection).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(["connect", "subscribe", "publish"]);
  }
});

test("tck-id-message-flow-edge-node-birth-publish-will-message: every CONNECT has a Will", () => {
  const connects = [...play.life().connects(), ...play.mqtt5().connects()];
  expect(connects).toHaveLength(5);
  for (const { packet } of connects) expect(packet.will).toBeDefined();
});

test("tck-id-message-flow-edge-node-birth-publish-will-message-topic: spBv1.0, group, NDEATH, edge node", () => {
  for (const { topic } of wills(play.life())) expect(topic).toBe(NDEATH);
});

test("tck-id-message-flow-edge-node-birth-publish-will-message-payload: a Sparkplug payload", () => {
  for (const { metrics } of wills(play.life())) expect(metrics).toHaveLength(1);
});

test("tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq: an Int64, one more each time, from 255 to 0", async () => {
  await using set = await stage(play.clock);
  await openCell(set.w.disk, "bdseq").replace(Uint8Array.of(253));
  await set.begin();
  for (let i = 0; i < 3; i++) {
    set.brokers[0]?.cut();
    await set.w.pass(70_000);
  }
  const said = wills(set.capture()).map((will) => metric(will, "bdSeq"));
  expect(said.map(({ carried }) => carried?.value)).toEqual([254n, 255n, 0n, 1n]);
  for (const { datatype, carried, timestamp } of said) {
    expect({ datatype, field: carried?.field }).toEqual({ datatype: 4, field: "longValue" });
    expect(timestamp).toBeGreaterThan(0);
  }
});

test("tck-id-message-flow-edge-node-birth-publish-will-message-qos: QoS 1", () => {
  for (const { qos } of [...wills(play.life()), ...wills(play.mqtt5())]) expect(qos).toBe(1);
});

test("tck-id-message-flow-edge-node-birth-publish-will-message-will-retained: not retained", () => {
  for (const { retain } of [...wills(play.life()), ...wills(play.mqtt5())]) expect(retain).toBe(false);
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-topic: spBv1.0, group, NBIRTH, edge node, over MQTT 5 too", () => {
  for (const { topic } of [...play.life().of("NBIRTH"), ...play.mqtt5().of("NBIRTH")]) expect(topic).toBe(NBIRTH);
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-payload: a Sparkplug payload that another decoder reads whole", () => {
  for (const birth of play.life().of("NBIRTH")) {
    expect(birth.metrics.map(({ name }) => name)).toEqual([
      "bdSeq",
      "Node Control/Rebirth",
      "Holdfast/Boot Id",
      "Holdfast/Version",
      "Holdfast/Clock Trust",
      "Holdfast/Values Dropped",
      "Holdfast/Writes Refused",
    ]);
  }
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-payload-bdSeq: an Int64, the one of the CONNECT", () => {
  const capture = play.life();
  for (const birth of capture.of("NBIRTH")) {
    const { datatype, carried } = metric(birth, "bdSeq");
    expect(datatype).toBe(4);
    expect(carried).toEqual(metric(capture.will(birth.connection), "bdSeq").carried);
  }
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-qos: QoS 0", () => {
  for (const { qos } of [...play.life().of("NBIRTH"), ...play.mqtt5().of("NBIRTH")]) expect(qos).toBe(0);
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-retained: not retained", () => {
  for (const { retain } of [...play.life().of("NBIRTH"), ...play.mqtt5().of("NBIRTH")]) expect(retain).toBe(false);
});

test("tck-id-message-flow-edge-node-birth-publish-nbirth-payload-seq: seq is there, 0 to 255", () => {
  for (const { seq } of play.life().of("NBIRTH")) {
    expect(seq).toBeGreaterThanOrEqual(0);
    expect(seq).toBeLessThanOrEqual(255);
  }
});

/** What each DISCONNECT was, and what the gateway published just before it. */
function goodbyes(capture: Capture) {
  return capture.events.flatMap((event, at) => {
    if (event.kind !== "disconnect") return [];
    const mine = capture.events.slice(0, at).filter(({ connection }) => connection === event.connection);
    return [{ packet: event.packet, before: mine.at(-1) }];
  });
}

test("tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath: an NDEATH is the last word before it", () => {
  const left = [...goodbyes(play.life()), ...goodbyes(play.mqtt5())];
  expect(left).toHaveLength(3);
  for (const { before } of left) expect(before).toMatchObject({ kind: "publish", topic: NDEATH, will: false });
});

test("tck-id-operational-behavior-edge-node-intentional-disconnect-packet: a DISCONNECT follows it at once, and no Will", () => {
  const { events } = play.life();
  for (const [at, event] of events.entries()) {
    if (event.kind !== "publish" || event.topic !== NDEATH || event.will) continue;
    expect(events.slice(at + 1, at + 3).map(({ kind }) => kind)).toEqual(["disconnect", "closed"]);
    expect(events[at + 3]?.kind).not.toBe("publish");
  }
});

test("tck-id-message-flow-device-dcmd-subscribe: DCMD of every device is subscribed to at QoS 1, on every connection", () => {
  const capture = play.life();
  const asked = capture.subscriptions().filter(({ topic }) => topic === "spBv1.0/harbour/DCMD/gw-1/+");
  expect(asked.map(({ qos }) => qos)).toEqual(capture.connects().map(() => 1));
});

test("tck-id-message-flow-device-birth-publish-nbirth-wait: an NBIRTH came before every DBIRTH of its connection", () => {
  const capture = play.life();
  for (const birth of capture.of("DBIRTH")) expect(earlier(capture, birth, "NBIRTH").length).toBeGreaterThan(0);
});

test("tck-id-message-flow-device-birth-publish-dbirth-topic: spBv1.0, group, DBIRTH, edge node, device, over MQTT 5 too", () => {
  for (const capture of [play.life(), play.mqtt5()]) {
    for (const { topic, device } of capture.of("DBIRTH")) expect(topic).toBe(`spBv1.0/harbour/DBIRTH/gw-1/${device}`);
  }
});

test("tck-id-message-flow-device-birth-publish-dbirth-match-edge-node-topic: group and edge node are those of the NBIRTH", () => {
  const capture = play.life();
  const owner = ({ topic }: Message) => [topic.split("/")[1], topic.split("/")[3]];
  for (const birth of capture.of("DBIRTH")) {
    const node = earlier(capture, birth, "NBIRTH").at(-1);
    expect(node === undefined ? undefined : owner(node)).toEqual(owner(birth));
  }
});

test("tck-id-message-flow-device-birth-publish-dbirth-payload: a Sparkplug payload that another decoder reads whole", () => {
  for (const { device, metrics } of play.life().of("DBIRTH")) {
    const points = device === "pump" ? ["flow", "running", "speed"] : ["energy"];
    const names = metrics.map(({ name = "" }) => name).toSorted((a, b) => a.localeCompare(b));
    expect(names).toEqual(
      [...points, "Holdfast/Clock Trust", "Holdfast/Sequence"].toSorted((a, b) => a.localeCompare(b)),
    );
  }
});

test("tck-id-message-flow-device-birth-publish-dbirth-qos: QoS 0", () => {
  for (const { qos } of [...play.life().of("DBIRTH"), ...play.mqtt5().of("DBIRTH")]) expect(qos).toBe(0);
});

test("tck-id-message-flow-device-birth-publish-dbirth-retained: not retained", () => {
  for (const { retain } of [...play.life().of("DBIRTH"), ...play.mqtt5().of("DBIRTH")]) expect(retain).toBe(false);
});

test("tck-id-message-flow-device-birth-publish-dbirth-payload-seq: seq follows the message before", () => {
  seqFollows(play.life(), play.life().of("DBIRTH"));
  seqFollows(play.mqtt5(), play.mqtt5().of("DBIRTH"));
});

test("tck-id-operational-behavior-device-ddeath: a device that is lost dies, once, and nothing is said of it until its birth", () => {
  const capture = play.life();
  const death = capture.firstAfter("pump goes away", "DDEATH");
  const back = capture.firstAfter("pump is back", "DBIRTH");
  expect([death.device, back.device]).toEqual(["pump", "pump"]);
  expect(capture.of("DDEATH")).toHaveLength(1);
  const between = capture.messages.filter(({ device, at }) => device === "pump" && at > death.at && at < back.at);
  expect(between).toEqual([]);
});

test("tck-id-operational-behavior-data-publish-nbirth: no NDATA has a metric that its NBIRTH did not have", () => {
  const capture = play.life();
  declaredAll(capture, capture.of("NDATA"));
  const sizes = capture.of("NBIRTH").map(({ metrics }) => metrics.length);
  expect(new Set(sizes).size).toBe(1);
});

test("tck-id-operational-behavior-data-publish-nbirth-values: the values of now, each with a value or is_null", () => {
  const capture = play.life();
  everyMetric(capture.of("NBIRTH"), ({ name, carried, isNull }) => expect(carried === undefined, name).toBe(isNull));
  const [first, ...later] = capture
    .of("NBIRTH")
    .map((birth) => metric(birth, "Holdfast/Writes Refused").carried?.value);
  expect([first, ...later]).toEqual([0n, 2n, 2n, 0n]); // the last is a run of its own
});

test("tck-id-operational-behavior-data-publish-nbirth-change: an NDATA says another value than the one before", () => {
  const capture = play.life();
  const [first, second] = capture.of("NDATA");
  expect(capture.of("NDATA")).toHaveLength(2);
  const values = [first, second].map((data) => data?.metrics.map(({ carried }) => carried?.value));
  expect(values).toEqual([[1n], [2n]]);
});

test("tck-id-operational-behavior-data-publish-nbirth-order: metrics of the node are in the order of their times", () => {
  chronological(play.life().of("NBIRTH", "NDATA"));
});

test("tck-id-operational-behavior-data-publish-dbirth: no DDATA has a metric that its DBIRTH did not have", () => {
  const capture = play.life();
  declaredAll(capture, capture.of("DDATA"));
  for (const device of ["pump", "meter"]) {
    const births = capture.of("DBIRTH").filter((birth) => birth.device === device);
    const aliases = births.map(({ metrics }) =>
      metrics
        .map(({ name, alias }) => `${name}=${alias}`)
        .toSorted()
        .join(),
    );
    expect(new Set(aliases).size).toBe(1);
  }
});

test("tck-id-operational-behavior-data-publish-dbirth-values: the values of now, each with a value or is_null", () => {
  const capture = play.life();
  everyMetric(capture.of("DBIRTH"), ({ name, carried, isNull }) => expect(carried === undefined, name).toBe(isNull));
  const births = capture.of("DBIRTH").filter(({ device }) => device === "pump");
  const speeds = births.map((birth) => metric(birth, "speed").carried?.value);
  expect(speeds).toEqual([1_200, 3_100, 7, 103, 0]);
  expect(metric(births[0] as Message, "flow").isNull).toBe(true);
});

test("tck-id-operational-behavior-data-publish-dbirth-change: one DDATA for each change and none without", () => {
  const capture = play.life();
  expect(capture.dataBetween("nothing changes", "something changes")).toEqual([]);
  expect(capture.dataBetween("something changes", "writes are refused")).toHaveLength(7);
  expect(capture.dataBetween("pump goes away", "pump is back")).toEqual([]);
});

test("tck-id-operational-behavior-data-publish-dbirth-order: metrics of a device are in the order of their times", () => {
  chronological(play.life().of("DBIRTH", "DDATA"));
  chronological(play.mqtt5().of("DBIRTH", "DDATA"));
});

test("tck-id-operational-behavior-data-commands-rebirth-name: the NBIRTH has Node Control/Rebirth", () => {
  for (const birth of play.life().of("NBIRTH"))
    expect(metric(birth, "Node Control/Rebirth").timestamp).toBeGreaterThan(0);
});

test("tck-id-operational-behavior-data-commands-rebirth-name-aliases: Node Control/Rebirth has no alias", () => {
  for (const birth of play.life().of("NBIRTH")) expect(metric(birth, "Node Control/Rebirth").alias).toBeUndefined();
});

test("tck-id-operational-behavior-data-commands-rebirth-datatype: Node Control/Rebirth is a Boolean", () => {
  for (const birth of play.life().of("NBIRTH")) expect(metric(birth, "Node Control/Rebirth").datatype).toBe(11);
});

test("tck-id-operational-behavior-data-commands-rebirth-value: Node Control/Rebirth is false", () => {
  for (const birth of play.life().of("NBIRTH"))
    expect(metric(birth, "Node Control/Rebirth").carried?.value).toBe(false);
});

test("tck-id-operational-behavior-data-commands-rebirth-action-1: no data comes between the request and the NBIRTH", () => {
  const capture = play.life();
  const reborn = capture.firstAfter("a rebirth is asked for", "NBIRTH");
  const data = capture.firstAfter("a rebirth is asked for", "DDATA");
  expect(data.at).toBeGreaterThan(reborn.at);
});

test("tck-id-operational-behavior-data-commands-rebirth-action-2: NBIRTH and the DBIRTH of every device, before data", () => {
  const capture = play.life();
  const reborn = capture.firstAfter("a rebirth is asked for", "NBIRTH");
  const after = capture.messages.filter(({ at }) => at >= reborn.at).slice(0, 4);
  expect(after.map(({ verb, device }) => [verb, device])).toEqual([
    ["NBIRTH", undefined],
    ["DBIRTH", "pump"],
    ["DBIRTH", "meter"],
    ["DDATA", "pump"],
  ]);
});

test("tck-id-operational-behavior-data-commands-rebirth-action-3: the bdSeq of the Will stays the one of the births", () => {
  const capture = play.life();
  const reborn = capture.firstAfter("a rebirth is asked for", "NBIRTH");
  expect(metric(reborn, "bdSeq").carried).toEqual(metric(capture.will(reborn.connection), "bdSeq").carried);
  expect(earlier(capture, reborn, "NBIRTH")).toHaveLength(1);
});
