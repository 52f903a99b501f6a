import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AlarmSinkSnapshot } from "../../../../agent/config/snapshot/notify.ts";
import type { Log } from "../../../../agent/contract/log.ts";
import { Notifier } from "../../../../agent/uplink/notify/notifier.ts";
import { receiverOf } from "../../../../agent/uplink/notify/receiver-of.ts";
import type { SinkMaterial } from "../../../../agent/uplink/notify/material.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { gatewayMaterial, pki, virtualTime } from "../world.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";
import { PASSPHRASES, serveSnmp, SNMP_RECEIVER } from "./snmp-receiver.ts";
import { serveTls } from "./tls-receivers.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
  // loading it takes real time, of which a delivery in virtual time has none
  await import("../../../../hal/http-post.ts");
});
afterAll(() => globals[Symbol.dispose]());

const TOKEN = "a-token-of-the-works";
const AT = { host: "hook.test", port: 443 };
const WEBHOOK = { kind: "webhook", ...AT, path: "/alarms", serverName: AT.host, anchorsPath: "/anchors.pem" } as const;
const webhook = (name: string): AlarmSinkSnapshot => sinkSnapshot({ name, receiver: WEBHOOK });
const snmp = (name: string): AlarmSinkSnapshot => sinkSnapshot({ name, receiver: SNMP_RECEIVER });

const MATERIAL: Readonly<Record<string, SinkMaterial>> = {
  "wrong-authentication": { authentication: "not known to anybody", privacy: PASSPHRASES.privacy },
  "wrong-privacy": { authentication: PASSPHRASES.authentication, privacy: "not known to anybody" },
  "short-passphrase": { authentication: "sesame7", privacy: "sesame8" },
  "spoilt-token": { ...gatewayMaterial, token: "not\u0000a token" },
  "refused-token": { ...gatewayMaterial, token: TOKEN },
  untrusted: { ...gatewayMaterial, anchors: demoPki().ca, token: TOKEN },
  "spoilt-key": { ...gatewayMaterial, key: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n" },
};

test("whatever fails, no secret is in a log, a status or a fault", async () => {
  const said: unknown[] = [];
  const note = (...words: unknown[]): void => void said.push(words);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const network = memoryNetwork(clock);
  const datagrams = memoryDatagrams(clock, seededEntropy(1));
  using _nms = serveSnmp(datagrams, () => {});
  await using _hook = await serveTls(network, AT, pki.broker(AT.host), (stream) => {
    stream.on("error", () => {});
    // a receiver that says back what it was told
    stream.once("data", (bytes: Buffer) =>
      stream.write(`HTTP/1.1 403 ${/Bearer .*/.exec(bytes.toString())?.[0]}\r\n\r\n`),
    );
  });
  const parts = {
    clock,
    network,
    datagrams,
    material: ({ name }: AlarmSinkSnapshot) => Promise.resolve(MATERIAL[name] ?? {}),
  };
  const notifier = new Notifier({
    clock,
    entropy: seededEntropy(1),
    log,
    receiver: (sink, origin) => receiverOf(parts, sink, origin),
  });
  const names = Object.keys(MATERIAL);
  const notify = names.map((name) => (/authentication|privacy|passphrase/.test(name) ? snmp(name) : webhook(name)));
  await notifier.configure({ ...ORIGIN, interfaceNames: [], notify });
  notifier.receive(alarmEvent(0));
  await clock.advance(60_000);
  said.push(notifier.status());
  await notifier.stop();
  expect(notifier.status()).toEqual([]);
  const text = inspect(said, { depth: 20 });
  for (const name of names) expect(text, name).toContain(name);
  expect(text.match(/lastFault/g)).toHaveLength(names.length);
  const secrets = Object.values(MATERIAL).flatMap(({ authentication, privacy, token, key }) => [
    authentication,
    privacy,
    token,
    key,
  ]);
  for (const secret of secrets) if (secret !== undefined) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/PRIVATE KEY|c2VjcmV0|sesame|not known|a-token/);
});
