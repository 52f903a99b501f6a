import { describe, expect, test } from "vitest";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { captured, decoded } from "./decoded.ts";

describe("whatever a stranger put in names and values cannot talk to the terminal", () => {
  const hostile = "\u001b]0;owned\u0007\u009b31m\u202ereversed\u2066\nnext";
  const metric: Metric = {
    name: hostile,
    alias: 1,
    timestamp: 1,
    type: DataType.String,
    value: hostile,
    properties: [
      { key: "engUnit", type: DataType.String, value: hostile },
      { key: "Holdfast/Quality", type: DataType.String, value: hostile },
    ],
  };
  const set: Metric = {
    name: "t",
    type: DataType.DataSet,
    value: { kind: "data-set", columns: [hostile], types: [DataType.String], rows: [[hostile]] },
  };
  const template: Metric = {
    name: "u",
    type: DataType.Template,
    value: {
      kind: "template",
      ref: hostile,
      metrics: [metric],
      parameters: [{ name: hostile, type: 12, value: hostile }],
    },
  };
  const topic = hostile.replace("\n", "");
  const lines = [
    captured("spBv1.0/harbour/NBIRTH/gw-1", encodePayload({ timestamp: 1, seq: 0, metrics: [metric, set, template] })),
    captured(`spBv1.0/${topic}/NDATA/${topic}`, encodePayload({ seq: 1, metrics: [] })),
    captured(`spBv1.0/STATE/${topic}`, `{"online":true,"timestamp":1}`),
    captured(
      topic,
      JSON.stringify({ [hostile]: hostile, list: [[hostile]], deep: { a: { b: { c: { [hostile]: [hostile] } } } } }),
    ),
    captured(topic, "not JSON"),
    captured(`spBv1.0/${topic}`, ""),
  ];

  test.each([[[]], [["--json"]]])("with %j", async (args) => {
    const { out, err } = await decoded(lines, args);
    expect(`${out}${err}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    expect(err.trimEnd().split("\n")).toHaveLength(2);
    expect(out).toContain("owned");
  });

  test("and the JSON still means what they wrote", async () => {
    const { out } = await decoded(lines, ["--json"]);
    const first = JSON.parse(out.split("\n")[0] ?? "") as { readonly metrics: readonly { readonly name: string }[] };
    expect(first.metrics[0]?.name).toBe(hostile);
  });
});

test.each([[[]], [["--json"]]])(
  "a document nested without end is refused, and the next line is read, with %j",
  async (args) => {
    const deep = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const lines = [captured("holdfast/v1/s/d/health", deep), captured("holdfast/v1/s/d/health", '{"state":"online"}')];
    const { out, err } = await decoded(lines, args);
    expect(err).toContain("TELEMETRY_PAYLOAD_LIMIT");
    expect(out).toContain("online");
  },
);
