import { join } from "node:path";
import { writePki } from "../peers/pki.ts";
import { buildPublisher, publishWithLibmosquitto } from "../peers/libmosquitto.ts";
import type { BenchCase } from "../bench-case.ts";
import { scratchFolder } from "../machine/scratch.ts";
import { startPeer } from "../machine/peer.ts";
import { median } from "../median.ts";
import { startBroker } from "../peers/broker.ts";
import { GATEWAY } from "../peers/identities.ts";
import type { UplinkLoadOptions, UplinkLoadResult } from "../peers/uplink-load.process.ts";

const FILE = join(import.meta.dirname, "..", "peers", "uplink-load.process.ts");
const ROUNDS = 5;
const WARM_UP_MESSAGES = 20_000;
const MESSAGES = 300_000;
const SOURCES = 100;
/** float64, each with its own time: 250 bytes of DDATA */
const VALUES = 11;

export const uplinkRate: BenchCase = {
  name: "uplink-rate",
  about: "DDATA of 250 B at QoS 0 with marks over TLS until the last mark is acknowledged, and libmosquitto doing it",
  async run({ say, signal }) {
    using scratch = scratchFolder();
    const pki = writePki(join(scratch.path, "pki"));
    const program = buildPublisher(scratch.path);
    if (program === undefined) say("no yardstick: apt-get install gcc pkg-config libmosquitto-dev");
    await using broker = await startBroker(scratch.path, pki.broker);
    const job = { port: broker.port, material: pki.gateway };
    const ours: number[] = [];
    const theirs: number[] = [];
    let sizes: UplinkLoadResult | undefined;
    for (let round = 1; round <= ROUNDS; round++) {
      const options: UplinkLoadOptions = {
        ...job,
        warmUp: WARM_UP_MESSAGES,
        messages: MESSAGES,
        sources: SOURCES,
        values: VALUES,
      };
      await using load = await startPeer<object, UplinkLoadResult>(FILE, options);
      sizes = await load.ask("run");
      ours.push(sizes.messages / sizes.seconds);
      if (program === undefined) continue;
      const seconds = await publishWithLibmosquitto(
        program,
        {
          ...job,
          dataTopic: `spBv1.0/${GATEWAY.group}/DDATA/${GATEWAY.edgeNode}/device-10`,
          markTopic: `holdfast/v1/${GATEWAY.site}/${GATEWAY.device}/mark`,
          messages: sizes.messages,
          dataBytes: Math.round(sizes.dataBytes),
          markEvery: SOURCES,
          markBytes: Math.round(sizes.markBytes),
        },
        signal,
      );
      theirs.push(sizes.messages / seconds);
      say(
        `round ${round} of ${ROUNDS}: ${Math.round(ours.at(-1) ?? 0)} messages/s, libmosquitto ${Math.round(theirs.at(-1) ?? 0)}`,
      );
    }
    const values = (sizes?.messages ?? 0) * VALUES;
    return [
      { name: "messages", value: median(ours), unit: "/s", rounds: ours },
      { name: "values in them", value: (median(ours) * values) / (sizes?.messages ?? 1), unit: "/s" },
      { name: "payload of a message", value: sizes?.dataBytes ?? 0, unit: "B" },
      ...(program === undefined
        ? []
        : [
            {
              name: "share of libmosquitto's rate",
              value: median(ours) / median(theirs),
              unit: "x",
              atLeast: 0.35,
              rounds: ours.map((one, i) => one / (theirs[i] ?? Number.NaN)),
              yardstick: { name: "libmosquitto, messages/s", value: median(theirs) },
            },
          ]),
    ];
  },
};
