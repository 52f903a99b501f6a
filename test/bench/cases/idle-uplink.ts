import { join } from "node:path";
import type { IdleDay } from "../../scenarios/idle-site.ts";
import type { BenchCase, Figure } from "../bench-case.ts";
import { startPeer } from "../machine/peer.ts";
import type { IdleQuestion } from "../peers/idle-site.process.ts";

const FILE = join(import.meta.dirname, "..", "peers", "idle-site.process.ts");
/** the default, and what is adapted to where a NAT forgets quickly */
const KEEPALIVES_S = [60, 15] as const;
const KILOBYTE = 1_000;
const PATIENCE_MS = 300_000;

export const idleUplink: BenchCase = {
  name: "idle-uplink",
  about: "a small site on report-by-exception, a change a minute: bytes of a day at TLS level (virtual time)",
  async run({ say }) {
    const figures: Figure[] = [];
    for (const keepaliveS of KEEPALIVES_S) {
      const question: IdleQuestion = { hours: 24, keepaliveS };
      await using site = await startPeer<object, IdleDay>(FILE, question, process.execPath, PATIENCE_MS);
      const day = await site.ask("day");
      say(`keep-alive ${keepaliveS} s: ${day.messages} messages, ${day.sent} bytes sent, ${day.received} received`);
      const figure = (name: string, bytes: number): Figure => ({ name, value: bytes / KILOBYTE, unit: "kB" });
      figures.push({
        ...figure(`a day, keep-alive ${keepaliveS} s`, day.sent + day.received),
        atMost: 1_000,
      });
      if (keepaliveS !== KEEPALIVES_S[0]) continue;
      const told = day.data + day.marks + day.births + day.management;
      figures.push(
        figure("values", day.data),
        figure("marks", day.marks),
        figure("births", day.births),
        figure("health, version, configuration", day.management),
        figure("TLS, MQTT and acknowledgements around them", day.sent + day.received - told),
      );
    }
    return figures;
  },
};
