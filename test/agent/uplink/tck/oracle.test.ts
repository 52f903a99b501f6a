import { expect, test } from "vitest";
import { decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import { aliasesOf, decodeByOracle } from "../../../interop/sparkplug/oracle.ts";
import type { Alias } from "../../../interop/sparkplug/oracle.ts";
import type { Capture } from "./capture.ts";
import { played } from "./situation.ts";

const play = played();

/** Reads a capture as a host would that knows Sparkplug from `sparkplug-payload`, and compares with our own decoder. */
function readsTheSame(capture: Capture): number {
  const aliases = new Map<number, Alias>();
  let values = 0;
  for (const { bytes, verb, topic } of capture.messages) {
    if (verb === "NBIRTH") aliases.clear();
    if (verb.endsWith("BIRTH")) for (const [alias, meaning] of aliasesOf(bytes)) aliases.set(alias, meaning);
    const theirs = decodeByOracle(bytes, aliases);
    const ours = decodePayload(bytes);
    if ("refusal" in ours) throw new Error(`${topic}: ${ours.message}`);
    expect(theirs.timeMs).toBe(ours.payload.timestamp);
    expect(theirs.metrics).toHaveLength(ours.payload.metrics.length);
    for (const [i, metric] of ours.payload.metrics.entries()) {
      const seen = theirs.metrics[i];
      expect([seen?.name, seen?.alias, seen?.timeMs], topic).toEqual([metric.name, metric.alias, metric.timestamp]);
      expect(seen?.historical, topic).toBe(metric.historical === true);
      const said = typeof metric.value === "bigint" ? Number(metric.value) : metric.value;
      if (typeof said !== "number") expect(seen?.value, topic).toBe(said);
      else expect(Number(seen?.value), topic).toBe(said);
      values += 1;
    }
  }
  return values;
}

test("every message of every situation reads the same in sparkplug-payload as in our own decoder", () => {
  expect(readsTheSame(play.life())).toBeGreaterThan(900);
  expect(readsTheSame(play.mqtt5())).toBeGreaterThan(30);
});
