import { join } from "node:path";
import { expect, test } from "vitest";
import { DataType } from "../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../agent/uplink/sparkplug/encode.ts";
import { runChild, startChild } from "./peers/child.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import { connection, publish } from "./peers/observer.ts";
import { sitePki } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const TEST_MS = 20_000;
const MAIN = join(import.meta.dirname, "..", "..", "agent", "main.ts");
const T = Date.UTC(2026, 0, 2, 3, 4, 5);
const level = { alias: 9, timestamp: T, type: DataType.Double };

/** Every byte a payload may have, and topics with a space. */
const SENT: readonly (readonly [topic: string, payload: Uint8Array])[] = [
  [
    "spBv1.0/my site/NBIRTH/gw-1",
    encodePayload({
      timestamp: T,
      seq: 0,
      metrics: [
        { name: "bdSeq", timestamp: T, type: DataType.Int64, value: 4n },
        { name: "all", timestamp: T, type: DataType.Bytes, value: Uint8Array.from({ length: 256 }, (_, i) => i) },
      ],
    }),
  ],
  [
    "spBv1.0/my site/DBIRTH/gw-1/well",
    encodePayload({ timestamp: T, seq: 1, metrics: [{ ...level, name: "level", value: 0 }] }),
  ],
  [
    "spBv1.0/my site/DDATA/gw-1/well",
    encodePayload({ timestamp: T, seq: 2, metrics: [{ ...level, value: 1.5 }] }, false),
  ],
  ["spBv1.0/STATE/scada", Buffer.from(`{"online":false,"timestamp":${T}}`)],
  ["holdfast/v1/site/gw-1/mark", Buffer.from(`{"timeMs":${T},"sources":{"well":7},"gaps":[]}`)],
];

requires("mosquitto", "mosquitto-clients")("what mosquitto_sub captured", () => {
  test("is what `holdfast telemetry decode` reads, byte for byte", { timeout: TEST_MS }, async () => {
    await using folder = await tempFolder();
    const site = await sitePki(folder.path);
    const panel = await site.client("panel");
    const credentials = await site.broker("localhost", "127.0.0.1");
    await using broker = await startMosquitto({
      folder: folder.path,
      credentials,
      acl: "user panel\ntopic readwrite #\n",
    });
    const session = ["-i", "capture", "-t", "#", "-C", String(SENT.length), "-F", "%t %x"];
    await using capture = startChild("mosquitto_sub", [...connection(broker, panel), ...session]);
    await broker.logged(/Sending SUBACK to capture/);
    for (const [topic, payload] of SENT) await publish(broker, panel, topic, payload);
    expect(await capture.ended).toBe(0);
    const decoded = await runChild(process.execPath, [MAIN, "telemetry", "decode"], `${capture.output.join("\n")}\n`);
    expect(decoded.errors).toBe("");
    expect(decoded.code).toBe(0);
    expect(decoded.output.trimEnd().split("\n")).toEqual([
      "2026-01-02 03:04:05.000  NBIRTH my site/gw-1  seq 0",
      "    bdSeq  4                                                                            Int64",
      "    all    256 bytes 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f…  Bytes",
      "2026-01-02 03:04:05.000  DBIRTH my site/gw-1/well  seq 1",
      "    level  0  Double",
      "2026-01-02 03:04:05.000  DDATA my site/gw-1/well  seq 2",
      "    level  1.5",
      "2026-01-02 03:04:05.000  STATE host scada is offline",
      "2026-01-02 03:04:05.000  holdfast/v1/site/gw-1/mark",
      "    sources: well 7",
      "    gaps: none",
    ]);
  });
});
