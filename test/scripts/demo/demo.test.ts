import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { runChild, startChild } from "../../interop/peers/child.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const RUN = join(ROOT, "scripts", "runtime", "run.sh");
const TEST_MS = 40_000;
const PATIENCE_MS = 20_000;

type Line =
  | { readonly kind: "hints"; readonly hints: readonly string[] }
  | { readonly kind: "status"; readonly status: GatewayStatus }
  | { readonly kind: "said"; readonly text: string };

test(
  "npm start polls a whole plant and publishes it; a fault can be injected; Ctrl-C leaves nothing behind",
  { timeout: TEST_MS },
  async () => {
    await using demo = startChild("sh", [RUN, "scripts/demo/demo.ts", "--json"], { cwd: ROOT });
    const lines = (): Line[] => demo.output.map((line) => JSON.parse(line) as Line);
    const latest = (): GatewayStatus | undefined => lines().findLast((line) => line.kind === "status")?.status;
    await vi.waitFor(() => expect(wellPublished(latest())).toBe(true), { timeout: PATIENCE_MS });
    expect(latest()?.uplink?.lastFault).toBeUndefined();
    expect(lines().filter(({ kind }) => kind === "said")).toEqual([]);
    expect(
      latest()
        ?.field?.buses.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(["rtu", "tcp", "tcp"]);

    const hints = lines().flatMap((line) => (line.kind === "hints" ? line.hints : []));
    const [, folder = ""] = /\. (\S+)\/words/.exec(hints.join("\n")) ?? [];
    const words = await readFile(join(folder, "words"), "utf8");
    expect(words).toContain(`--cafile '${folder}/observer-ca.pem'`);
    for (const name of ["observer-ca.pem", "observer.pem", "observer.key"]) expect(readdirSync(folder)).toContain(name);
    expect(Math.max(...hints.map((hint) => hint.length))).toBeLessThanOrEqual(80);
    const fault = await runChild("sh", ["-c", `. ${folder}/words; cd /; fault pump-1 silence`]);
    expect(fault).toMatchObject({ code: 0, output: "pump-1: silence for 20 s\n" });
    await vi.waitFor(() => expect(online(latest(), "pump-1")).toBe(false), { timeout: PATIENCE_MS });
    expect(online(latest(), "pump-2")).toBe(true);

    expect(await demo.stop("SIGINT")).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(await stillNamed(folder)).toEqual([]);
    expect(demo.errors).toEqual([]);
    expect(lines().flatMap((line) => (line.kind === "said" ? [line.text] : []))).toEqual(["pump-1: silence for 20 s"]);
  },
);

test(
  "npm start -- --detour goes through a proxy and WebSocket, fails over when the broker is unplugged, and returns",
  { timeout: TEST_MS },
  async () => {
    await using demo = startChild("sh", [RUN, "scripts/demo/demo.ts", "--json", "--detour"], { cwd: ROOT });
    const latest = (): GatewayStatus | undefined =>
      demo.output.map((line) => JSON.parse(line) as Line).findLast((line) => line.kind === "status")?.status;
    const served = (scheme: string) =>
      vi.waitFor(
        () => {
          const { uplink } = latest() ?? {};
          expect(uplink).toMatchObject({ state: "online", broker: expect.stringMatching(`^${scheme}://`) });
        },
        { timeout: PATIENCE_MS, interval: 100 },
      );
    await served("wss");
    const [, folder = ""] = /\. (\S+)\/words/.exec(demo.output[0] ?? "") ?? [];
    const fault = (word: string) => runChild("sh", [RUN, "scripts/demo/fault.ts", folder, "broker", word]);
    expect(await fault("unplug")).toMatchObject({ code: 0 });
    await served("mqtts");
    expect(await fault("plug")).toMatchObject({ code: 0 });
    await served("wss");
    expect(latest()?.field?.queue.dropped).toBe(0);
    expect(await demo.stop("SIGINT")).toBe(0);
  },
);

function wellPublished(status: GatewayStatus | undefined): boolean {
  const points = status?.field?.buses.flatMap(({ devices }) => devices.flatMap((device) => device.points)) ?? [];
  const good = points.length > 0 && points.every(({ quality }) => quality === "good");
  return good && status?.uplink?.state === "online" && (status.field?.queue.acknowledged ?? 0) > points.length;
}

function online(status: GatewayStatus | undefined, name: string): boolean | undefined {
  return status?.field?.buses.flatMap(({ devices }) => devices).find((device) => device.name === name)?.online;
}

/** Processes that were started with the folder's name. */
async function stillNamed(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(folder)) found.push(line);
  }
  return found;
}
