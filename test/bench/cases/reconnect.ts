import { join } from "node:path";
import type { Return } from "../../scenarios/fleet-outage.ts";
import type { BenchCase } from "../bench-case.ts";
import { startPeer } from "../machine/peer.ts";
import type { FleetQuestion } from "../peers/fleet.process.ts";

const FILE = join(import.meta.dirname, "..", "peers", "fleet.process.ts");
const FLEET = {
  gateways: 800,
  connectsPerSecond: 50,
  settleMs: 65_000,
  awayMs: 600_000,
  watchMs: 65_000,
} as const satisfies FleetQuestion;
const SECOND_MS = 1_000;
/** Two thousand TLS handshakes, both sides of each, in one process. */
const PATIENCE_MS = 300_000;

export const reconnect: BenchCase = {
  name: "reconnect",
  about: "800 simulated gateways return to a broker that was away for ten minutes (virtual time)",
  async run({ say }) {
    await using fleet = await startPeer<{ online: number }, Return>(FILE, FLEET, process.execPath, PATIENCE_MS);
    say(`${fleet.ready.online} of ${FLEET.gateways} connected; the broker goes away`);
    const seen = await fleet.ask("outage");
    return [
      { name: "all back", value: seen.allBackMs / SECOND_MS, unit: "s", atMost: 60 },
      { name: "half of them", value: seen.halfBackMs / SECOND_MS, unit: "s" },
      {
        name: "connects in the busiest second",
        value: seen.attemptsPerSecond,
        unit: "",
        atMost: FLEET.connectsPerSecond,
      },
      { name: "births in the busiest second", value: seen.birthsPerSecond, unit: "", atMost: FLEET.connectsPerSecond },
      { name: "messages in the busiest second", value: seen.messagesPerSecond, unit: "" },
      { name: "bytes in the busiest second", value: seen.bytesPerSecond, unit: "" },
      { name: "slowest drain of ten minutes", value: seen.slowestDrainMs / SECOND_MS, unit: "s" },
    ];
  },
};
