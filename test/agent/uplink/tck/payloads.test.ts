import { expect, test } from "vitest";
import type { Capture } from "./capture.ts";
import { atQos0NotRetained, earlier, metric, sentNow, seqFollows } from "./judge.ts";
import { played } from "./situation.ts";

const play = played();
const REBIRTH = "Node Control/Rebirth";

const wills = (capture: Capture) => capture.connects().map(({ connection }) => capture.will(connection));

test("tck-id-payloads-nbirth-timestamp: the payload says when it was published", () => {
  sentNow(play.life().of("NBIRTH"));
});

test("tck-id-payloads-nbirth-seq: seq is there, 0 to 255", () => {
  for (const { seq = -1 } of play.life().of("NBIRTH")) expect(seq >= 0 && seq <= 255).toBe(true);
});

test("tck-id-payloads-nbirth-bdseq: bdSeq is one of the metrics, with its time", () => {
  for (const birth of play.life().of("NBIRTH")) expect(metric(birth, "bdSeq").timestamp).toBeGreaterThan(0);
});

test("tck-id-payloads-nbirth-bdseq-repeat: it is the one of the CONNECT before, in rebirths too", () => {
  for (const capture of [play.life(), play.mqtt5()]) {
    for (const birth of capture.of("NBIRTH")) {
      expect(metric(birth, "bdSeq").carried).toEqual(metric(capture.will(birth.connection), "bdSeq").carried);
    }
  }
});

test("tck-id-payloads-nbirth-rebirth-req: Node Control/Rebirth is there and false", () => {
  for (const birth of play.life().of("NBIRTH")) expect(metric(birth, REBIRTH).carried?.value).toBe(false);
});

test("tck-id-payloads-nbirth-qos: QoS 0", () => {
  for (const { qos } of play.life().of("NBIRTH")) expect(qos).toBe(0);
});

test("tck-id-payloads-nbirth-retain: not retained", () => {
  for (const { retain } of play.life().of("NBIRTH")) expect(retain).toBe(false);
});

test("tck-id-payloads-dbirth-qos: QoS 0", () => {
  for (const { qos } of play.life().of("DBIRTH")) expect(qos).toBe(0);
});

test("tck-id-payloads-dbirth-retain: not retained", () => {
  for (const { retain } of play.life().of("DBIRTH")) expect(retain).toBe(false);
});

test("tck-id-payloads-ndata-qos: QoS 0", () => {
  for (const { qos } of play.life().of("NDATA")) expect(qos).toBe(0);
});

test("tck-id-payloads-ndata-retain: not retained", () => {
  for (const { retain } of play.life().of("NDATA")) expect(retain).toBe(false);
});

test("tck-id-payloads-ddata-qos: QoS 0", () => {
  for (const { qos } of play.life().of("DDATA")) expect(qos).toBe(0);
});

test("tck-id-payloads-ddata-retain: not retained", () => {
  for (const { retain } of play.life().of("DDATA")) expect(retain).toBe(false);
});

test("tck-id-payloads-dbirth-timestamp: the payload says when it was published", () => {
  sentNow(play.life().of("DBIRTH"));
});

test("tck-id-payloads-dbirth-seq: seq is there", () => {
  for (const { seq } of play.life().of("DBIRTH")) expect(seq).toBeTypeOf("number");
});

test("tck-id-payloads-dbirth-seq-inc: seq is one more than in the message before, never over 255", () => {
  seqFollows(play.life(), play.life().of("DBIRTH"));
});

test("tck-id-payloads-ndata-timestamp: the payload says when it was published", () => {
  sentNow(play.life().of("NDATA"));
});

test("tck-id-payloads-ndata-seq: seq is there", () => {
  for (const { seq } of play.life().of("NDATA")) expect(seq).toBeTypeOf("number");
});

test("tck-id-payloads-ndata-seq-inc: seq is one more than in the message before, never over 255", () => {
  seqFollows(play.life(), play.life().of("NDATA"));
});

test("tck-id-payloads-ddata-timestamp: the payload says when it was published", () => {
  sentNow(play.life().of("DDATA"));
});

test("tck-id-payloads-ddata-seq: seq is there", () => {
  for (const { seq } of play.life().of("DDATA")) expect(seq).toBeTypeOf("number");
});

test("tck-id-payloads-ddata-seq-inc: seq is one more than in the message before, never over 255", () => {
  seqFollows(play.life(), play.life().of("DDATA"));
});

test("tck-id-payloads-ddeath-timestamp: the payload says when it was published", () => {
  sentNow(play.life().of("DDEATH"));
});

test("tck-id-payloads-ddeath-seq: seq is there", () => {
  for (const { seq } of play.life().of("DDEATH")) expect(seq).toBeTypeOf("number");
});

test("tck-id-payloads-ddeath-seq-inc: seq is one more than in the message before, never over 255", () => {
  seqFollows(play.life(), play.life().of("DDEATH"));
});

test("tck-id-payloads-dbirth-order: births of devices follow the NBIRTH, before any data", () => {
  const capture = play.life();
  for (const node of capture.of("NBIRTH")) {
    const after = capture.messages.filter(({ connection, at }) => connection === node.connection && at > node.at);
    expect(after.slice(0, 2).map(({ verb, device }) => [verb, device])).toEqual([
      ["DBIRTH", "pump"],
      ["DBIRTH", "meter"],
    ]);
  }
});

test("tck-id-payloads-ndata-order: an NDATA comes after NBIRTH and every DBIRTH", () => {
  const capture = play.life();
  for (const data of capture.of("NDATA")) {
    const born = earlier(capture, data, "NBIRTH", "DBIRTH").map(({ device }) => device);
    expect(new Set(born)).toEqual(new Set([undefined, "pump", "meter"]));
  }
});

test("tck-id-payloads-ddata-order: a DDATA comes after NBIRTH and every DBIRTH", () => {
  const capture = play.life();
  for (const data of capture.of("DDATA")) {
    const born = earlier(capture, data, "NBIRTH", "DBIRTH").map(({ device }) => device);
    expect(new Set(born)).toEqual(new Set([undefined, "pump", "meter"]));
  }
});

test("tck-id-payloads-ndeath-seq: no seq, in the Will and in the goodbye", () => {
  for (const { seq } of [...play.life().of("NDEATH"), ...wills(play.life())]) expect(seq).toBeUndefined();
});

test("tck-id-payloads-ndeath-will-message: the NDEATH is the Will of every CONNECT, and published where a connection breaks", () => {
  const capture = play.life();
  for (const { topic } of wills(capture)) expect(topic).toBe("spBv1.0/harbour/NDEATH/gw-1");
  const death = capture.firstAfter("the connection breaks", "NDEATH");
  expect(death).toMatchObject({ will: true, connection: 0 });
});

test("tck-id-payloads-ndeath-will-message-qos: Will QoS 1", () => {
  for (const { qos } of wills(play.life())) expect(qos).toBe(1);
});

test("tck-id-payloads-ndeath-will-message-retain: Will not retained", () => {
  for (const { retain } of wills(play.life())) expect(retain).toBe(false);
});

test("tck-id-payloads-ndeath-bdseq: the bdSeq that the births of its connection have", () => {
  const capture = play.life();
  for (const death of capture.of("NDEATH")) {
    const births = capture.of("NBIRTH").filter(({ connection }) => connection === death.connection);
    expect(births.length).toBeGreaterThan(0);
    for (const birth of births) expect(metric(birth, "bdSeq").carried).toEqual(metric(death, "bdSeq").carried);
  }
});

test("tck-id-payloads-ndeath-will-message-publisher: an edge node that leaves says its NDEATH itself", () => {
  const death = play.life().firstAfter("a goodbye", "NDEATH");
  expect(death).toMatchObject({ will: false, qos: 1, retain: false, connection: 1 });
});

test("tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311: NDEATH before DISCONNECT", () => {
  const capture = play.life();
  const left = capture.events.filter((event) => event.kind === "disconnect");
  expect(left.map(({ connection }) => connection)).toEqual([1, 2]);
  for (const { connection } of left) {
    const death = capture.of("NDEATH").find((message) => message.connection === connection);
    const at = capture.events.findIndex((event) => event.kind === "disconnect" && event.connection === connection);
    expect(death?.at).toBeLessThan(at);
  }
});

test("tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt50: DISCONNECT asks for the Will", () => {
  const { events } = play.mqtt5();
  const left = events.flatMap((event) => (event.kind === "disconnect" ? [event.packet.reasonCode] : []));
  expect(left).toEqual([0x04]);
});

test("tck-id-payloads-ddeath-seq-number: seq of the DDEATH lets a host see that nothing is missing before it", () => {
  const capture = play.life();
  const [death] = capture.of("DDEATH");
  const back = capture.firstAfter("pump is back", "DBIRTH");
  expect(back.seq).toBe(((death?.seq as number) + 1) % 256);
  atQos0NotRetained(capture.of("DDEATH"));
});
