import { generate, parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { expect, test, vi } from "vitest";
import { PROFILES } from "../../agent/config/profiles/index.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { connectTls, tlsContext } from "../../hal/tls.ts";
import { openLimitedBroker } from "../../simulator/broker/index.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import { sitePki } from "./peers/pki.ts";
import type { SiteParty } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const TEST_MS = 20_000;
const PATIENCE_MS = 5_000;
const never = new AbortController().signal;
const { limits } = PROFILES.mosquitto;
const LEVELS_MAX = limits.topicLevelsMax ?? 0;

const topicOf = (levels: number): string => Array.from({ length: levels }, () => "t").join("/");
const publish = (topic: string, retain = false): Packet => ({
  cmd: "publish",
  topic,
  payload: Buffer.from("x"),
  qos: 1,
  messageId: 7,
  dup: false,
  retain,
});

const REFUSED = 0x80;

/** What a broker answers: yes or no, since each has reasons of its own. Mosquitto acknowledges with 16 where nobody listens. */
async function answers(port: number, who: SiteParty, protocolVersion: 4 | 5, sent: Packet): Promise<readonly string[]> {
  const plain = await linuxNetwork().connect({ kind: "tcp", host: "127.0.0.1", port }, never);
  const stream = await connectTls(plain, { context: tlsContext(who.material), serverName: "localhost" }, never);
  const heard: Packet[] = [];
  let closed = false;
  stream.on("error", () => {});
  stream.once("close", () => void (closed = true));
  const packets = parser({ protocolVersion });
  packets.on("packet", (packet) => heard.push(packet));
  stream.on("data", (chunk: Buffer) => packets.parse(chunk));
  const send = (packet: Packet): void => void stream.write(generate(packet, { protocolVersion }));
  try {
    send({ cmd: "connect", clientId: "probe", clean: true, keepalive: 60, protocolId: "MQTT", protocolVersion });
    await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: PATIENCE_MS, interval: 10 });
    const [connack] = heard;
    send(sent);
    // answered in order: when the ping is, everything is
    send({ cmd: "pingreq" });
    const over = (): boolean => closed || heard.at(-1)?.cmd === "pingresp";
    await vi.waitFor(() => expect(over()).toBe(true), { timeout: PATIENCE_MS, interval: 10 });
    return [
      ...(connack?.cmd === "connack" ? [`in flight ${connack.properties?.receiveMaximum ?? "unsaid"}`] : []),
      ...heard.slice(1).map((packet) => `${packet.cmd} ${reasonOf(packet) < REFUSED ? "yes" : "no"}`),
      ...(closed ? ["closed"] : []),
    ];
  } finally {
    stream.destroy();
  }
}

function reasonOf(packet: Packet): number {
  return "reasonCode" in packet ? (packet.reasonCode ?? 0) : 0;
}

requires("mosquitto")("the profile of Mosquitto", () => {
  test.each([
    ["a topic of as many levels as it takes", publish(topicOf(LEVELS_MAX)), "puback yes"],
    ["one level more", publish(topicOf(LEVELS_MAX + 1)), "closed"],
    ["a retained message", publish("t/kept", true), "puback yes"],
  ] as const)(
    "%s: the real one and the simulated one do the same",
    { timeout: TEST_MS },
    async (_what, sent, expected) => {
      await using folder = await tempFolder();
      const { path } = folder;
      const site = await sitePki(path);
      const who = await site.client("probe");
      const credentials = await site.broker("localhost", "127.0.0.1");
      await using real = await startMosquitto({ folder: path, credentials, acl: "user probe\ntopic readwrite t/#\n" });
      await using simulated = await openLimitedBroker({
        clock: linuxClock(),
        network: linuxNetwork(),
        target: { kind: "tcp", host: "127.0.0.1", port: 0 },
        material: credentials.material,
        access: () => ({ publish: ["t/#"], subscribe: ["t/#"] }),
        limits,
      });
      for (const version of [4, 5] as const) {
        const said = await answers(real.port, who, version, sent);
        expect(said).toEqual(await answers(simulated.port, who, version, sent));
        expect(said).toContain(expected);
      }
    },
  );
});
