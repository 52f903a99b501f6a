import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runChild, startChild } from "../../interop/peers/child.ts";
import { requires } from "../../interop/requires.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const RUN = join(ROOT, "scripts", "runtime", "run.sh");
const TEST_MS = 150_000;
const PATIENCE_MS = 30_000;

/** The demo as a person has it, the two receivers it tells of alarms as its hints start them, and the `holdfast` command. */
async function demoWithReceivers() {
  const stack = new AsyncDisposableStack();
  const demo = stack.use(startChild("sh", [RUN, "scripts/demo/demo.ts", "--json", "--receivers"], { cwd: ROOT }));
  await vi.waitFor(() => expect(demo.output.length).toBeGreaterThan(1), { timeout: PATIENCE_MS });
  const { hints } = JSON.parse(demo.output[0] ?? "") as { readonly hints: readonly string[] };
  const [, folder = ""] = /\. (\S+)\/words/u.exec(hints.join("\n")) ?? [];
  expect(hints.join("\n")).toContain("syslog, snmp");
  stack.use(startChild("sh", [join(folder, "syslog")], { cwd: "/" }));
  const trapd = stack.use(startChild("sh", [join(folder, "snmp")], { cwd: "/" }));
  const holdfast = (...words: string[]) =>
    runChild("env", [
      `HOLDFAST_CONTROL=${join(folder, "control")}`,
      "LANG=C",
      "sh",
      join(ROOT, "scripts", "holdfast"),
      ...words,
    ]);
  const says = async (wanted: RegExp, ...words: string[]): Promise<string> => {
    let output = "";
    const look = async (): Promise<void> => {
      ({ output } = await holdfast(...words));
      expect(output).toMatch(wanted);
    };
    await vi.waitFor(look, { timeout: PATIENCE_MS, interval: 250 });
    return output;
  };
  return {
    holdfast,
    says,
    fault: (...words: string[]) => runChild("sh", [RUN, "scripts/demo/fault.ts", folder, ...words]),
    syslog: () => readFile(join(folder, "receivers", "alarms.log"), "utf8").catch(() => ""),
    informs: () => trapd.output.join("\n"),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

requires("rsyslog", "snmptrapd")("a technician at the demo", () => {
  test(
    "holds outputs, cuts the line, follows an alarm to rsyslog and snmptrapd, finds a second master",
    { timeout: TEST_MS },
    async () => {
      await using at = await demoWithReceivers();
      const { holdfast, says, fault } = at;
      await says(/plan idle/u, "outputs");

      expect(await holdfast("outputs", "hold", "--reason", "work on pump 1")).toMatchObject({ code: 0 });
      const held = await says(/work on pump 1/u, "why", "outputs");
      expect(held).toContain("OUTPUTS_HELD");
      expect(await holdfast("outputs")).toMatchObject({ output: expect.stringMatching(/run-command +held/u) });
      expect(await holdfast("outputs", "release")).toMatchObject({ code: 0 });
      await says(/run-command +free/u, "outputs");

      expect(await fault("pump-1", "silence", "600")).toMatchObject({ code: 0 });
      await says(/RAISED pump-1-away/u, "alarms");
      expect(await holdfast("alarms", "acknowledge", "pump-1-away")).toMatchObject({ code: 0 });
      await says(/ACKNOWLEDGED pump-1-away/u, "alarms");
      expect(await fault("pump-1", "clear")).toMatchObject({ code: 0 });
      await says(/^(?![^]*pump-1-away)/u, "alarms");
      const states = (text: string): readonly string[] =>
        ["Raised", "Acknowledged", "Normal"].filter((state) => text.includes(state));
      await vi.waitFor(() => expect(states(at.informs().replaceAll("\n", ""))).toHaveLength(3), {
        timeout: PATIENCE_MS,
      });
      expect(at.informs()).toContain("hfAlarmName.0 = pump-1-away");
      await vi.waitFor(
        async () => {
          const lines = (await at.syslog()).split("\n").filter((line) => line.includes("Pump 1 does not answer"));
          expect(lines.map((line) => / (raised|acknowledged|normal) /u.exec(line)?.[1])).toEqual([
            "raised",
            "acknowledged",
            "normal",
          ]);
        },
        { timeout: PATIENCE_MS, interval: 250 },
      );

      expect(await fault("station-line", "master", "30")).toMatchObject({ code: 0 });
      const seen = await says(/another master asks unit 3, function 4/u, "why", "second-master");
      expect(seen).toMatch(/since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/u);
      expect(await holdfast("inventory", "station-line")).toMatchObject({
        output: expect.stringMatching(/at least one other master asked:\n +unit 3, function 4/u),
      });

      expect(await fault("station-line", "unplug")).toMatchObject({ code: 0 });
      // the PLC's socket still answers: its step of the plan is done at once, whatever the line is doing
      await says(/station-plc\/automatic +planned +true/u, "outputs");
      expect(await fault("station-line", "plug")).toMatchObject({ code: 0 });
      const done = await says(/done after [\d.]+ s; [\d.]+ s were promised/u, "why", "plan");
      const [, took, promised] = /done after ([\d.]+) s; ([\d.]+) s/u.exec(done) ?? [];
      expect(Number(took)).toBeGreaterThan(0);
      expect(Number(promised)).toBeGreaterThan(0);
      await says(/released/u, "outputs", "release");
      await says(/^(?![^]*PLAN_DUE)/u, "why", "plan");
    },
  );
});
