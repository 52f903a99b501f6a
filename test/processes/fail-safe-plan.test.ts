import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { sleep } from "../../hal/clock.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import type { GatewayFile } from "../interop/peers/gateway-file.ts";
import { startGateway } from "./harness/gateway.ts";
import type { RunningGateway } from "./harness/gateway.ts";
import { measured } from "./harness/measured.ts";
import { openPlannedLine } from "./harness/planned-line.ts";
import { openStation } from "./harness/station.ts";
import type { Station } from "./harness/station.ts";

/** Two gateways beside each other, so that 50 kills with their growing pauses take half the time. */
const GATEWAYS = 2;
const KILLS_EACH = 25;
const TEST_MS = 240_000;
const LEAST_MS = 2_000;
const SEED = 7;

/** No broker is there: what the plan does has nothing to do with one. */
function fileOf(station: Station, { bus, plan }: Pick<Awaited<ReturnType<typeof openPlannedLine>>, "bus" | "plan">) {
  const file: GatewayFile = station.file([bus]);
  const nobody = { ...file.uplink, broker: { ...file.uplink.broker, url: "mqtts://localhost:9" } };
  return { ...file, uplink: nobody, plan } as GatewayFile;
}

async function killAgainAndAgain(station: Station, index: number): Promise<{ worstMs: number; boundMs: number }> {
  const { clock } = station;
  const entropy = seededEntropy(SEED + index);
  await using line = await openPlannedLine(clock);
  await using gateway = await startGateway(join(station.folder, `gateway-${index}`), fileOf(station, line));
  const first = await gateway.until("every output read", ({ field }) => {
    const outputs = field?.outputs?.outputs ?? [];
    return outputs.length === 20 && outputs.every(({ quality }) => quality === "good");
  });
  // a start is not a restart, and a first configuration is neither
  expect(first.field?.outputs?.plan?.state).toBe("idle");
  expect(line.allWrittenMs(0)).toBeUndefined();
  const boundMs = Math.max(LEAST_MS, first.field?.outputs?.plan?.worstCaseMs ?? 0);
  let worstMs = 0;
  for (let kill = 0; kill < KILLS_EACH; kill++) {
    await sleep(clock, entropy.fraction() * 500);
    const killedMs = clock.monotonicMs();
    gateway.kill("field");
    const doneMs = await vi.waitFor(
      () => {
        const done = line.allWrittenMs(killedMs);
        if (done === undefined) throw new Error(`kill ${kill} of gateway ${index}: not every output was written`);
        return done;
      },
      { timeout: 2 * boundMs, interval: 20 },
    );
    worstMs = Math.max(worstMs, doneMs - killedMs);
    expect(doneMs - killedMs, `kill ${kill} of gateway ${index}`).toBeLessThanOrEqual(boundMs);
  }
  await heldByHand(gateway);
  return { worstMs, boundMs };
}

/** What a technician types, against the processes that ship. */
async function heldByHand(gateway: RunningGateway): Promise<void> {
  expect(await gateway.command("outputs", "hold", "drive-1/run-0", "--reason", "impeller")).toMatchObject({ code: 0 });
  const listed = await gateway.command("outputs");
  expect(listed.code).toBe(0);
  expect(listed.output).toMatch(/^drive-1\/run-0 +planned +false.*\n +WRITE_HELD held by .+ \(uid \d+\): impeller$/m);
  expect(listed.output).toMatch(/^plan (?:done|running), due by restart since /m);
  expect(await gateway.command("outputs", "release")).toMatchObject({ code: 0 });
  expect(await gateway.command("outputs", "hold", "drive-1/nothing")).toMatchObject({ code: 1 });
  expect(await gateway.command("outputs", "stop")).toMatchObject({ code: 2 });
}

test(
  "field killed 50 times with SIGKILL: 20 outputs at 9600 baud have their plan within the computed time",
  { timeout: TEST_MS },
  async () => {
    await using station = await openStation();
    const runs = await Promise.all(Array.from({ length: GATEWAYS }, (_, index) => killAgainAndAgain(station, index)));
    const [boundMs = 0] = runs.map((run) => run.boundMs);
    measured(`50 kills of field, computed time of the plan`, boundMs);
    measured(`50 kills of field, longest until 20 outputs had their plan`, Math.max(...runs.map((run) => run.worstMs)));
  },
);
