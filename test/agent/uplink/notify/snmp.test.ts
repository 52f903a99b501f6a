import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog } from "../../../../agent/contract/log.ts";
import { Notifier } from "../../../../agent/uplink/notify/notifier.ts";
import { receiverOf } from "../../../../agent/uplink/notify/receiver-of.ts";
import { isAcceptable } from "../../../../agent/uplink/notify/snmp/acceptable.ts";
import { MIB_OID } from "../../../../agent/uplink/notify/snmp/notification.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { virtualTime } from "../world.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";
import { forgedAnswer, isEncrypted } from "./forged-answer.ts";
import { PASSPHRASES, serveSnmp, SNMP_RECEIVER } from "./snmp-receiver.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
  await import("../../../../agent/uplink/notify/snmp/inform.ts");
});
afterAll(() => globals[Symbol.dispose]());

const SEQUENCE = `${MIB_OID}.1.13.0`;

async function stand(seed = 1, change?: (answer: Buffer) => Buffer) {
  const datagrams = memoryDatagrams(clock, seededEntropy(seed));
  const heard: ReadonlyMap<string, unknown>[] = [];
  const served = serveSnmp(datagrams, (objects) => heard.push(objects), change);
  const parts = { clock, datagrams, network: memoryNetwork(clock), material: () => Promise.resolve(PASSPHRASES) };
  const notifier = new Notifier({
    clock,
    entropy: seededEntropy(seed),
    log: silentLog,
    receiver: (sink, origin) => receiverOf(parts, sink, origin),
  });
  await notifier.configure({
    ...ORIGIN,
    interfaceNames: [],
    notify: [sinkSnapshot({ queueMax: 100, receiver: SNMP_RECEIVER })],
  });
  return {
    datagrams,
    served,
    heard,
    notifier,
    sequences: (): readonly number[] =>
      heard.map((objects) => {
        const value = objects.get(SEQUENCE);
        return Buffer.isBuffer(value) ? value.readUIntBE(0, value.length) : Number(value);
      }),
    async [Symbol.asyncDispose]() {
      await notifier.stop();
    },
  };
}

test("an inform is discovered, authenticated, encrypted, answered, and says everything of the MIB", async () => {
  await using s = await stand();
  s.notifier.receive(alarmEvent(128, { lost: 2, by: "operator-7" }));
  await clock.advance(1_000);
  expect(s.sequences()).toEqual([128]);
  const [objects = new Map<string, unknown>()] = s.heard;
  expect([...objects.keys()].slice(2)).toEqual(Array.from({ length: 14 }, (_, i) => `${MIB_OID}.1.${i + 1}.0`));
  expect(objects.get("1.3.6.1.6.3.1.1.4.1.0")).toBe(`${MIB_OID}.0.1`);
  expect(String(objects.get(`${MIB_OID}.1.8.0`))).toBe("well/level is 2.6, limit 2.5");
  expect(objects.get(`${MIB_OID}.1.14.0`)).toBe(2);
});

test.each([1, 2, 3, 4, 5])(
  "on a way that loses, doubles and reorders everything arrives, in order (seed %i)",
  async (seed) => {
    await using s = await stand(seed);
    s.datagrams.weather({ loss: 0.25, duplicates: 0.2, delayMsMin: 10, delayMsMax: 2_000 });
    for (let i = 0; i < 20; i++) s.notifier.receive(alarmEvent(i));
    await clock.advance(3_600_000);
    const first = [...new Set(s.sequences())];
    expect(first).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(s.notifier.status()[0]).toMatchObject({ delivered: 20, lost: 0, waiting: 0 });
  },
);

test("a receiver that is gone is bounded, and told what it missed", async () => {
  await using s = await stand();
  s.served[Symbol.dispose]();
  s.notifier.receive(alarmEvent(0));
  await clock.advance(30_000);
  expect(s.notifier.status()[0]?.lastFault?.code).toMatch(/^(HAL_CONNECT_REFUSED|NOTIFY_TIMEOUT)$/);
  for (let i = 1; i < 150; i++) s.notifier.receive(alarmEvent(i));
  await clock.advance(600_000);
  expect(s.notifier.status()[0]).toMatchObject({ waiting: 100, lost: 50 });
  const again = serveSnmp(s.datagrams, (objects) => s.heard.push(objects));
  await clock.advance(600_000);
  again[Symbol.dispose]();
  expect(s.sequences()).toEqual(Array.from({ length: 100 }, (_, i) => i + 50));
  expect(s.heard[0]?.get(`${MIB_OID}.1.14.0`)).toBe(50);
});

test("an answer without authentication acknowledges nothing", async () => {
  let forged = 0;
  // whoever stands on the way keeps the real answer back
  await using s = await stand(1, (answer) => {
    if (!isEncrypted(answer)) return answer;
    forged += 1;
    return forgedAnswer(answer);
  });
  s.notifier.receive(alarmEvent(0));
  await clock.advance(30_000);
  expect(forged).toBeGreaterThan(0);
  expect(s.notifier.status()[0]).toMatchObject({ delivered: 0, waiting: 1 });
});

test("what is no SNMP, or only the beginning of it, is passed over", () => {
  const bytes = Buffer.from("3010020103300b02010102020400040104020103", "hex");
  for (let length = 0; length <= bytes.length; length++) expect(isAcceptable(bytes.subarray(0, length))).toBe(false);
  expect(isAcceptable(Buffer.from("GET / HTTP/1.1\r\n"))).toBe(false);
});
