import { expect, test } from "vitest";
import { atQos0NotRetained, chronological, declaredAll, everyMetric, metric, sentNow, seqFollows } from "./judge.ts";
import { played } from "./situation.ts";

const play = played();

test("tck-id-principles-rbe-recommended: while nothing changes nothing is said", () => {
  expect(play.life().dataBetween("nothing changes", "something changes")).toEqual([]);
});

test("tck-id-principles-birth-certificates-order: the first thing published on a connection is the NBIRTH", () => {
  const { events } = play.life();
  const first = new Map<number, string>();
  for (const event of events) {
    if (event.kind === "publish" && !first.has(event.connection)) first.set(event.connection, event.topic);
  }
  expect([...first.values()]).toEqual(Array.from({ length: 3 }, () => "spBv1.0/harbour/NBIRTH/gw-1"));
});

test("tck-id-principles-persistence-clean-session-311: every CONNECT of MQTT 3.1.1 asks for a clean session", () => {
  const connects = play.life().connects();
  expect(connects).toHaveLength(3);
  for (const { packet } of connects) expect(packet).toMatchObject({ protocolVersion: 4, clean: true });
});

test("tck-id-principles-persistence-clean-session-50: every CONNECT of MQTT 5 starts clean and expires at once", () => {
  const connects = play.mqtt5().connects();
  expect(connects).toHaveLength(2);
  for (const { packet } of connects) {
    expect(packet).toMatchObject({ protocolVersion: 5, clean: true, properties: { sessionExpiryInterval: 0 } });
  }
});

test("tck-id-topic-structure: namespace, group, message type, edge node and for devices the device", () => {
  for (const { topic } of [...play.life().messages, ...play.life().subscriptions()]) {
    expect(topic).toMatch(/^spBv1\.0\/harbour\/(N(BIRTH|DATA|DEATH|CMD)\/gw-1|D(BIRTH|DATA|DEATH|CMD)\/gw-1\/[^/]+)$/);
  }
});

test("tck-id-topic-structure-namespace-a: the namespace is spBv1.0", () => {
  for (const { topic } of play.life().messages) expect(topic.split("/")[0]).toBe("spBv1.0");
});

test("tck-id-topic-structure-namespace-device-id-associated-message-types: device messages name their device", () => {
  for (const { topic } of play.life().of("DBIRTH", "DDATA", "DDEATH")) expect(topic.split("/")).toHaveLength(5);
  const command = play
    .life()
    .subscriptions()
    .find(({ topic }) => topic.includes("/DCMD/"));
  expect(command?.topic.split("/")).toHaveLength(5);
});

test("tck-id-topic-structure-namespace-device-id-non-associated-message-types: node messages name no device", () => {
  for (const { topic } of play.life().of("NBIRTH", "NDATA", "NDEATH")) expect(topic.split("/")).toHaveLength(4);
  const command = play
    .life()
    .subscriptions()
    .find(({ topic }) => topic.includes("/NCMD/"));
  expect(command?.topic.split("/")).toHaveLength(4);
});

test("tck-id-topics-nbirth-topic: spBv1.0, group, NBIRTH, edge node", () => {
  for (const { topic } of play.life().of("NBIRTH")) expect(topic).toBe("spBv1.0/harbour/NBIRTH/gw-1");
});

test("tck-id-topics-nbirth-mqtt: QoS 0, not retained", () => {
  atQos0NotRetained(play.life().of("NBIRTH"));
});

test("tck-id-topics-nbirth-seq-num: seq is there and 0", () => {
  for (const { seq } of play.life().of("NBIRTH")) expect(seq).toBe(0);
});

test("tck-id-topics-nbirth-timestamp: it says when it was sent", () => {
  sentNow(play.life().of("NBIRTH"));
});

test("tck-id-topics-nbirth-metric-reqs: whatever an NDATA speaks of was declared in the NBIRTH", () => {
  declaredAll(play.life(), play.life().of("NDATA"));
});

test("tck-id-topics-nbirth-metrics: name, datatype and value of each metric", () => {
  everyMetric(play.life().of("NBIRTH"), ({ name, datatype, carried }) => {
    expect(name).toBeTypeOf("string");
    expect(datatype, name).toBeTypeOf("number");
    expect(carried, name).toBeDefined();
  });
});

test("tck-id-topics-nbirth-bdseq-included: bdSeq is one of the metrics", () => {
  for (const birth of play.life().of("NBIRTH")) expect(metric(birth, "bdSeq").carried?.value).toBeTypeOf("bigint");
});

test("tck-id-topics-nbirth-bdseq-matching: bdSeq is the one in the Will of the same connection", () => {
  const capture = play.life();
  for (const birth of capture.of("NBIRTH")) {
    const will = capture.will(birth.connection);
    expect(metric(birth, "bdSeq").carried).toEqual(metric(will, "bdSeq").carried);
  }
});

test("tck-id-topics-nbirth-bdseq-increment: bdSeq begins at 0 and is one more at each CONNECT, over restarts too", () => {
  const capture = play.life();
  const values = capture.connects().map(({ connection }) => metric(capture.will(connection), "bdSeq").carried?.value);
  expect(values).toEqual([0n, 1n, 2n]);
});

test("tck-id-topics-nbirth-rebirth-metric: Node Control/Rebirth, boolean, false", () => {
  for (const birth of play.life().of("NBIRTH")) {
    expect(metric(birth, "Node Control/Rebirth")).toMatchObject({
      datatype: 11,
      carried: { field: "booleanValue", value: false },
    });
  }
});

test("tck-id-topics-ndata-topic: spBv1.0, group, NDATA, edge node", () => {
  for (const { topic } of play.life().of("NDATA")) expect(topic).toBe("spBv1.0/harbour/NDATA/gw-1");
});

test("tck-id-topics-ndata-mqtt: QoS 0, not retained", () => {
  atQos0NotRetained(play.life().of("NDATA"));
});

test("tck-id-topics-ndata-seq-num: seq follows the message before", () => {
  seqFollows(play.life(), play.life().of("NDATA"));
});

test("tck-id-topics-ndata-timestamp: it says when it was sent", () => {
  sentNow(play.life().of("NDATA"));
});

test("tck-id-topics-ndata-payload: a metric of the node that changed is in the next NDATA, and what did not is not", () => {
  const capture = play.life();
  const said = capture.firstAfter("writes are refused", "NDATA");
  const changed = said.metrics.map(({ alias, carried }) => [capture.declared(said, alias).name, carried?.value]);
  expect(changed).toEqual([["Holdfast/Writes Refused", 1n]]);
});

test("tck-id-topics-ndeath-topic: spBv1.0, group, NDEATH, edge node, in the Will and in the goodbye", () => {
  const capture = play.life();
  for (const { topic } of capture.of("NDEATH")) expect(topic).toBe("spBv1.0/harbour/NDEATH/gw-1");
  for (const { connection } of capture.connects()) {
    expect(capture.will(connection).topic).toBe("spBv1.0/harbour/NDEATH/gw-1");
  }
});

test("tck-id-topics-ndeath-payload: bdSeq and nothing else", () => {
  for (const { metrics } of play.life().of("NDEATH")) expect(metrics.map(({ name }) => name)).toEqual(["bdSeq"]);
});

test("tck-id-topics-ndeath-seq: no seq", () => {
  for (const { seq } of play.life().of("NDEATH")) expect(seq).toBeUndefined();
});

test("tck-id-topics-ncmd-topic: commands are heard on spBv1.0, group, NCMD, edge node", () => {
  const capture = play.life();
  expect(capture.subscriptions().map(({ topic }) => topic)).toContain("spBv1.0/harbour/NCMD/gw-1");
  expect(capture.firstAfter("a rebirth is asked for", "NBIRTH").seq).toBe(0);
});

test("tck-id-topics-dbirth-topic: spBv1.0, group, DBIRTH, edge node, device", () => {
  const topics = play
    .life()
    .of("DBIRTH")
    .map(({ topic }) => topic);
  expect(new Set(topics)).toEqual(new Set(["pump", "meter"].map((device) => `spBv1.0/harbour/DBIRTH/gw-1/${device}`)));
});

test("tck-id-topics-dbirth-mqtt: QoS 0, not retained", () => {
  atQos0NotRetained(play.life().of("DBIRTH"));
});

test("tck-id-topics-dbirth-seq: seq follows the message before", () => {
  seqFollows(play.life(), play.life().of("DBIRTH"));
});

test("tck-id-topics-dbirth-timestamp: it says when it was sent", () => {
  sentNow(play.life().of("DBIRTH"));
});

test("tck-id-topics-dbirth-metric-reqs: whatever a DDATA speaks of was declared in the DBIRTH of its device", () => {
  declaredAll(play.life(), play.life().of("DDATA"));
});

test("tck-id-topics-dbirth-metrics: name, datatype and value, or that there is none, of each metric", () => {
  everyMetric(play.life().of("DBIRTH"), ({ name, datatype, carried, isNull }) => {
    expect(name).toBeTypeOf("string");
    expect(datatype, name).toBeTypeOf("number");
    expect(carried !== undefined || isNull, name).toBe(true);
  });
});

test("tck-id-topics-ddata-topic: spBv1.0, group, DDATA, edge node, device", () => {
  const topics = play
    .life()
    .of("DDATA")
    .map(({ topic }) => topic);
  expect(new Set(topics)).toEqual(new Set(["pump", "meter"].map((device) => `spBv1.0/harbour/DDATA/gw-1/${device}`)));
});

test("tck-id-topics-ddata-mqtt: QoS 0, not retained", () => {
  atQos0NotRetained(play.life().of("DDATA"));
});

test("tck-id-topics-ddata-seq-num: seq follows the message before, over the end of its range too", () => {
  const capture = play.life();
  seqFollows(capture, capture.of("DDATA"));
  expect(capture.of("DDATA").some((message) => message.seq === 0 && capture.before(message).seq === 255)).toBe(true);
});

test("tck-id-topics-ddata-timestamp: it says when it was sent", () => {
  sentNow(play.life().of("DDATA"));
});

test("tck-id-topics-ddata-payload: each change of a point is in a DDATA, in its order", () => {
  const capture = play.life();
  const energies = capture
    .of("DDATA")
    .filter(({ device, connection }) => device === "meter" && connection === 0)
    .flatMap((message) =>
      message.metrics
        .filter(({ alias }) => capture.declared(message, alias).name === "energy")
        .map(({ carried }) => Number(carried?.value)),
    );
  // six rounds before the rebirth and 300 after it, every other one the meter's
  const rounds = (count: number) => Array.from({ length: count / 2 }, (_, i) => 2 * i + 1);
  expect(energies).toEqual([...rounds(6), ...rounds(300)]);
  chronological(capture.of("DDATA"));
});

test("tck-id-topics-ddeath-topic: spBv1.0, group, DDEATH, edge node, device", () => {
  for (const { topic } of play.life().of("DDEATH")) expect(topic).toBe("spBv1.0/harbour/DDEATH/gw-1/pump");
});

test("tck-id-topics-ddeath-mqtt: QoS 0, not retained", () => {
  atQos0NotRetained(play.life().of("DDEATH"));
});

test("tck-id-topics-ddeath-seq-num: seq follows the message before", () => {
  seqFollows(play.life(), play.life().of("DDEATH"));
});

test("tck-id-topics-dcmd-topic: commands are heard on spBv1.0, group, DCMD, edge node, any device", () => {
  const capture = play.life();
  expect(capture.subscriptions().map(({ topic }) => topic)).toContain("spBv1.0/harbour/DCMD/gw-1/+");
  const refused = capture.firstAfter("a device command is refused", "NDATA");
  expect(refused.metrics.map(({ carried }) => carried?.value)).toEqual([2n]);
});
