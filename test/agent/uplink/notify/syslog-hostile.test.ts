import { afterAll, beforeAll, expect, test } from "vitest";
import type { SyslogReceiver } from "../../../../agent/config/snapshot/notify.ts";
import { withinTime } from "../../../../agent/uplink/notify/attempt.ts";
import { explainNotify } from "../../../../agent/uplink/notify/fault.ts";
import { receiverOf } from "../../../../agent/uplink/notify/receiver-of.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { gatewayMaterial, pki, virtualTime } from "../world.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";
import { serveTls } from "./tls-receivers.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

/** One batch to somebody who behaves so; "" where it counts as delivered. */
async function deliver(behave: (stream: ByteStream, raw: ByteStream) => void, serverName?: string): Promise<string> {
  const network = memoryNetwork(clock);
  const plain = sinkSnapshot();
  const named = { ...(plain.receiver as SyslogReceiver), ...(serverName === undefined ? {} : { serverName }) };
  const sink = { ...plain, receiver: named };
  const { host, port } = named;
  await using _server = await serveTls(network, { host, port }, pki.broker(host), (stream, raw) => {
    stream.on("error", () => {});
    behave(stream, raw);
  });
  const parts = {
    clock,
    network,
    datagrams: memoryDatagrams(clock, seededEntropy(1)),
    material: () => Promise.resolve(gatewayMaterial),
  };
  const one = receiverOf(parts, sink, ORIGIN);
  const batch = [{ event: alarmEvent(0), lostBefore: 0, test: false }];
  let ended: string | undefined;
  withinTime(clock, (signal) => one.deliver(batch, { classical: false }, signal), new AbortController().signal).then(
    () => void (ended = ""),
    (error: unknown) => void (ended = explainNotify(error, one.address).code),
  );
  await clock.advanceUntil(() => ended !== undefined, 60_000);
  return ended ?? "never";
}

/** Node's own end of a TLS connection answers every end with one: this one no longer hears it. */
function deaf(stream: ByteStream, raw: ByteStream): void {
  raw.allowHalfOpen = true;
  stream.once("data", () => {
    raw.removeAllListeners("data").removeAllListeners("end").resume();
  });
}

test("a receiver that reads everything and never closes has nothing, and the fault says what it should do", async () => {
  expect(await deliver(deaf)).toBe("NOTIFY_SYSLOG_OPEN");
});

test("a receiver that hangs up by itself while it is being written to has nothing", async () => {
  expect(await deliver((stream) => void stream.end())).toBe("NOTIFY_CLOSED");
  expect(await deliver((stream) => void stream.destroy())).toBe("NOTIFY_CLOSED");
});

test("a receiver that talks without end is not listened to for ever", async () => {
  const chatter = (stream: ByteStream, raw: ByteStream): void => {
    deaf(stream, raw);
    const talk = (): void => {
      if (stream.destroyed) return;
      stream.write(Buffer.alloc(16_384));
      clock.after(100, talk);
    };
    talk();
  };
  expect(await deliver(chatter)).toBe("NOTIFY_SYSLOG_OPEN");
});

test("a receiver that greets first is heard to its end all the same", async () => {
  const greets = (stream: ByteStream): void => {
    stream.write("220 welcome\r\n");
    stream.resume();
  };
  expect(await deliver(greets)).toBe("");
});

test("a good certificate of somebody else is refused", async () => {
  expect(await deliver(() => {}, "other.test")).toBe("NOTIFY_WRONG_NAME");
});
