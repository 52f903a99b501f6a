import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog } from "../../../../agent/contract/log.ts";
import { Notifier } from "../../../../agent/uplink/notify/notifier.ts";
import { receiverOf } from "../../../../agent/uplink/notify/receiver-of.ts";
import { isAcceptable } from "../../../../agent/uplink/notify/snmp/acceptable.ts";
import { DATAGRAMS_MAX } from "../../../../agent/uplink/notify/snmp/inform.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { virtualTime } from "../world.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";
import { forgedAnswer, forgedReport, isEncrypted } from "./forged-answer.ts";
import { PASSPHRASES, serveSnmp, SNMP, SNMP_RECEIVER } from "./snmp-receiver.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
  await import("../../../../agent/uplink/notify/snmp/inform.ts");
});
afterAll(() => globals[Symbol.dispose]());

async function stand() {
  const datagrams = memoryDatagrams(clock, seededEntropy(1));
  const parts = { clock, datagrams, network: memoryNetwork(clock), material: () => Promise.resolve(PASSPHRASES) };
  const notifier = new Notifier({
    clock,
    entropy: seededEntropy(1),
    log: silentLog,
    receiver: (sink, origin) => receiverOf(parts, sink, origin),
  });
  await notifier.configure({ ...ORIGIN, interfaceNames: [], notify: [sinkSnapshot({ receiver: SNMP_RECEIVER })] });
  return { datagrams, notifier, [Symbol.asyncDispose]: () => notifier.stop() };
}

test("answers with any bytes changed, cut or added end no process, and the event stays until it is answered", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = seededEntropy(seed);
    const below = (max: number): number => Math.floor(chance.fraction() * max);
    await using s = await stand();
    const spoilt = (answer: Buffer): Buffer => {
      const bytes = Buffer.from(answer);
      for (let i = below(6); i >= 0; i--) bytes[below(bytes.length)] = below(256);
      const kept = chance.fraction() < 0.3 ? bytes.subarray(0, below(bytes.length)) : bytes;
      return chance.fraction() < 0.2 ? Buffer.concat([kept, Buffer.alloc(below(40), below(256))]) : kept;
    };
    let hostile = true;
    using _served = serveSnmp(
      s.datagrams,
      () => {},
      (answer) => (hostile && chance.fraction() < 0.8 ? spoilt(answer) : answer),
    );
    s.notifier.receive(alarmEvent(seed));
    await clock.advance(120_000);
    hostile = false;
    await clock.advance(180_000);
    expect(s.notifier.status()[0], `seed ${seed}`).toMatchObject({ waiting: 0, delivered: 1, lost: 0 });
  }
});

test("reports that say the same again and again, as anybody can forge them, are not answered without end", async () => {
  await using s = await stand();
  let asked = 0;
  using _server = s.datagrams.serve(SNMP.host, SNMP.port, (bytes, reply) => {
    asked += 1;
    reply(forgedReport(Buffer.from(bytes)));
  });
  s.notifier.receive(alarmEvent(0));
  await clock.advance(900);
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThanOrEqual(DATAGRAMS_MAX);
  expect(s.notifier.status()[0]).toMatchObject({ waiting: 1, lastFault: { code: "NOTIFY_SNMP_TIME" } });
});

test("a receiver that is not there, and one that is there and does not understand us, are told apart", async () => {
  await using s = await stand();
  s.datagrams.blackhole(SNMP.host);
  s.notifier.receive(alarmEvent(0));
  await clock.advance(14_000);
  expect(s.notifier.status()[0]?.lastFault).toMatchObject({ code: "NOTIFY_TIMEOUT" });
  s.datagrams.restore(SNMP.host);
  // it passes over what it cannot read, as receivers do that have another privacy passphrase
  let asked = 0;
  const served = memoryDatagrams(clock, seededEntropy(2));
  using _real = serveSnmp(served, () => {});
  const real = await served.open(SNMP, (bytes) => answer(bytes), AbortSignal.any([]));
  let answer: (bytes: Uint8Array) => void = () => {};
  using _server = s.datagrams.serve(SNMP.host, SNMP.port, (bytes, reply) => {
    asked += 1;
    if (isEncrypted(Buffer.from(bytes))) return;
    answer = reply;
    void real.send(bytes);
  });
  await clock.advance(60_000);
  expect(asked).toBeGreaterThan(1);
  expect(s.notifier.status()[0]?.lastFault).toMatchObject({ code: "NOTIFY_SNMP_PRIVACY" });
});

test("encrypted without authentication, or shorter than it says, is no answer", () => {
  const withFlags = (flags: number): Buffer => {
    const answer = forgedAnswer(Buffer.from("300d020103300702020102020104".padEnd(30, "0"), "hex"));
    const at = answer.indexOf(Buffer.from([4, 1, 0]));
    answer[at + 2] = flags;
    return answer;
  };
  expect(isAcceptable(withFlags(1))).toBe(true);
  expect(isAcceptable(withFlags(3))).toBe(true);
  for (const flags of [0, 2, 4, 6]) expect(isAcceptable(withFlags(flags)), `${flags}`).toBe(false);
  const short = withFlags(3);
  expect(isAcceptable(short.subarray(0, short.length - 1))).toBe(false);
});
