import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { telemetryCommand } from "../../../../agent/cli/telemetry-decode.ts";
import { LINE_BYTES_MAX } from "../../../../agent/cli/telemetry/capture.ts";
import { CaptureReader, NODES_MAX } from "../../../../agent/cli/telemetry/reader.ts";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { printed } from "../stand-in-keeper.ts";
import { captured, decoded, decodedBytes } from "./decoded.ts";

const T = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const message = (verb: string, seq: number | undefined, metrics: readonly Metric[] = [], device?: string): string =>
  captured(
    `spBv1.0/harbour/${verb}/gw-1${device === undefined ? "" : `/${device}`}`,
    encodePayload({ timestamp: T, ...(seq === undefined ? {} : { seq }), metrics }, verb.endsWith("BIRTH")),
  );
const bdSeq = (value: bigint): Metric => ({ name: "bdSeq", timestamp: T, type: DataType.Int64, value });
const birth = message("NBIRTH", 0, [bdSeq(3n)]);
const level: Metric = { name: "level", alias: 9, timestamp: T, type: DataType.Int16, value: 1 };
const heads = (out: string): readonly string[] => out.split("\n").filter((line) => /^\d|^without/.test(line));

describe("what is not as it should be is pointed out", () => {
  const notes = async (...lines: readonly string[]): Promise<string> => {
    const { out, code } = await decoded(lines, ["--json"]);
    expect(code).toBe(0);
    const last = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as { readonly notes: readonly string[] };
    return last.notes.join("; ");
  };
  const pump = message("DBIRTH", 1, [level], "pump");

  test.each<[string, readonly string[], string]>([
    ["a seq that follows", [birth, pump, message("DDATA", 2, [], "pump")], ""],
    ["a seq that begins again", [birth, message("NDATA", 1), ...Array.from({ length: 255 }, (_, i) => message("NDATA", (i + 2) % 256))], ""],
    ["a gap", [birth, pump, message("DDATA", 5, [], "pump")], "seq 2 was due: 3 missing, or out of order"],
    ["a gap around the end", [birth, pump, message("NDATA", 255), message("NDATA", 1)], "seq 0 was due: 1 missing, or out of order"],
    ["a repeat", [birth, pump, message("DDATA", 1, [], "pump")], "seq 1 repeats"],
    ["no seq", [birth, message("NDATA", undefined)], "it has no seq"],
    ["a new birth, which counts anew", [birth, message("NDATA", 1), message("NBIRTH", 0, [bdSeq(3n)])], ""],
    ["a capture that began late", [message("NDATA", 17)], "the NBIRTH before it is not in this capture"],
    ["data of a device without birth", [birth, message("DDATA", 1, [], "pump")], "the device is not born"],
    ["data of a dead device", [birth, pump, message("DDEATH", 2, [], "pump"), message("DDATA", 3, [], "pump")], "the device is not born"],
    ["a device that came back", [birth, pump, message("DDEATH", 2, [], "pump"), message("DBIRTH", 3, [], "pump")], ""],
    ["data of a dead node", [birth, message("NDEATH", undefined, [bdSeq(3n)]), message("NDATA", 1)], "the node is dead: an NBIRTH was due"],
    ["the death of another connection", [birth, message("NDEATH", undefined, [bdSeq(2n)])], "bdSeq 2 is not the 3 of its birth"],
    ["a death without bdSeq", [birth, message("NDEATH", undefined)], "bdSeq missing is not the 3 of its birth"],
    ["data of a device born before the node was", [birth, pump, birth, message("DDATA", 1, [], "pump")], "the device is not born"],
    ["data of a device born before the node died", [birth, pump, message("NDEATH", undefined, [bdSeq(3n)]), birth, message("DDATA", 1, [], "pump")], "the device is not born"],
    ["a command, which has no seq", [birth, message("NCMD", undefined)], ""],
  ])("%s", async (_what, lines, expected) => {
    expect(await notes(...lines)).toBe(expected);
  }); // prettier-ignore

  test("each edge node on its own", async () => {
    const other = birth.replace("/gw-1", "/gw-2");
    expect(await notes(birth, other, message("NDATA", 1))).toBe("");
  });
});

describe("a metric", () => {
  const shown = async (declared: Metric, said: Metric): Promise<string> => {
    const { out } = await decoded([
      birth,
      message("DBIRTH", 1, [declared], "pump"),
      message("DDATA", 2, [said], "pump"),
    ]);
    return (out.split("\n").at(-2) ?? "").trim();
  };
  const value = async (type: number, one: Metric["value"]): Promise<string> =>
    (await shown({ ...level, type, value: null }, { alias: 9, timestamp: T, type, value: one as never })).replace(
      /^level\s+/,
      "",
    );

  test("is told by the name, unit and sign that its birth gave the alias", async () => {
    const unit = [{ key: "engUnit", type: DataType.String, value: "m" }];
    const said = { alias: 9, timestamp: T, type: DataType.Int16, value: -7 };
    expect(await shown({ ...level, properties: unit }, said)).toBe("level  -7 m");
  });

  test("whose alias is from before the newest NBIRTH is not taken for what it was", async () => {
    const lines = [
      birth,
      message("DBIRTH", 1, [level], "pump"),
      birth,
      message("DDATA", 1, [{ alias: 9, value: null }], "pump"),
    ];
    expect((await decoded(lines)).out).toContain("    alias 9  null\n");
  });

  test("without a birth is told by its alias", async () => {
    const { out } = await decoded([
      birth,
      message("DDATA", 1, [{ alias: 77, timestamp: T, type: 11, value: true }], "pump"),
    ]);
    expect(out).toContain("    alias 77  true\n");
  });

  test("of a host that uses names is told by them, with the type of the birth", async () => {
    const named = { name: "level", timestamp: T, type: DataType.Int16, value: -3 };
    expect(await shown({ ...named, value: 1 }, named)).toBe("level  -3");
  });

  test.each<[string, number, Metric["value"], string]>([
    ["a float with the digits it has", DataType.Float, Math.fround(7.3), "7.3"],
    ["a double with all of them", DataType.Double, 0.1 + 0.2, "0.30000000000000004"],
    ["no number", DataType.Double, Number.NaN, "NaN"],
    ["a 64-bit integer to the last digit", DataType.Int64, -9_007_199_254_740_993n, "-9007199254740993"],
    ["an instant", DataType.DateTime, BigInt(T), "2026-01-02 03:04:05.678 UTC"],
    ["an instant beyond the calendar", DataType.DateTime, 2n ** 63n, "9223372036854776000 ms UTC"],
    ["bytes", DataType.Bytes, Uint8Array.of(1, 255), "2 bytes 01ff"],
    ["text", DataType.String, "it's", `"it's"`],
    ["null", DataType.Int16, null, "null"],
    ["a template in a template", DataType.Template, { kind: "template", ref: "t", metrics: [{ name: "in", type: DataType.Template, value: { kind: "template", metrics: [{ name: "deep", type: DataType.Boolean, value: true }] } }] }, "deep true"],
  ])("that is %s", async (_what, type, one, text) => {
    expect(await value(type, one)).toBe(text);
  }); // prettier-ignore

  test("of somebody's quality is told in their words, or in its number", async () => {
    const quality = async (code: number): Promise<string> =>
      shown(level, {
        alias: 9,
        timestamp: T,
        type: 3,
        value: 1,
        properties: [{ key: "Quality", type: 3, value: code }],
      });
    expect(await quality(192)).toBe("level  1  good");
    expect(await quality(500)).toBe("level  1  stale");
    expect(await quality(0)).toBe("level  1  bad");
    expect(await quality(7)).toBe("level  1  quality 7");
  });

  test("sampled at another time, or on another day, says so", async () => {
    expect(await shown(level, { alias: 9, timestamp: T - 5_000, type: 3, value: 1 })).toBe("level  1  at 03:04:00.678");
    const before = { alias: 9, timestamp: T - 86_400_000, type: 3, value: 1, historical: true };
    expect(await shown(level, before)).toBe("level  1  history  at 2026-01-01 03:04:05.678");
  });
});

test("the state of a host is told, in the form of today and of before", async () => {
  const lines = [
    captured("spBv1.0/STATE/scada", `{"online":true,"timestamp":${T}}`),
    captured("STATE/scada", "OFFLINE"),
  ];
  const { out, code } = await decoded(lines);
  expect(code).toBe(0);
  expect(heads(out)).toEqual([
    "2026-01-02 03:04:05.678  STATE host scada is online",
    "without a time  STATE host scada is offline",
  ]);
});

test("a retained message that was taken back is told as that", async () => {
  const { out, code } = await decoded(["holdfast/v1/harbour/gw-1/status "]);
  expect([code, out]).toEqual([
    0,
    "without a time  holdfast/v1/harbour/gw-1/status is cleared: nothing is retained any more\n",
  ]);
});

describe("what is no message is refused with its code and line, and the rest goes on", () => {
  test.each<[string, string, string]>([
    ["a line without a space", "nonsense", "TELEMETRY_LINE_MALFORMED: line 2: no space in it"],
    ["half a byte", "spBv1.0/g/NDATA/n abc", "TELEMETRY_LINE_MALFORMED: line 2: no hexadecimal bytes"],
    ["other digits", "spBv1.0/g/NDATA/n 0x12", "TELEMETRY_LINE_MALFORMED: line 2: no hexadecimal bytes"],
    ["a topic that is not Sparkplug's", captured("spBv1.0/g/NDATA/n/device", ""), "TELEMETRY_TOPIC_UNKNOWN: line 2"],
    ["an unknown verb", captured("spBv1.0/g/XDATA/n", ""), "TELEMETRY_TOPIC_UNKNOWN: line 2"],
    ["a topic of somebody else", captured("zigbee/lamp", "on"), "TELEMETRY_TOPIC_UNKNOWN: line 2"],
    ["a broken payload", captured("spBv1.0/g/NDATA/n", Uint8Array.of(0x12, 9)), "TELEMETRY_PAYLOAD_MALFORMED: line 2"],
    ["too many metrics", captured("spBv1.0/g/NDATA/n", Buffer.alloc(10_000, Buffer.of(0x12, 0))), "TELEMETRY_PAYLOAD_LIMIT: line 2"],
    ["a state that says nothing", captured("spBv1.0/STATE/scada", "[]"), "TELEMETRY_PAYLOAD_MALFORMED: line 2"],
    ["a state in bad JSON", captured("spBv1.0/STATE/scada", "{"), "TELEMETRY_PAYLOAD_MALFORMED: line 2"],
  ])("%s", async (_what, line, expected) => {
    const { code, err, out } = await decoded([birth, line, birth]);
    expect(code).toBe(1);
    expect(err).toContain(expected);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(heads(out)).toHaveLength(2);
  }); // prettier-ignore

  test("a line longer than any message, which is never held as a whole", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "a");
    const endless = Array.from({ length: LINE_BYTES_MAX / chunk.length + 2 }, () => chunk);
    const { code, err, out } = await decodedBytes([...endless, Buffer.from(`\n${birth}\n`)]);
    expect([code, err]).toEqual([
      1,
      `holdfast: TELEMETRY_LINE_MALFORMED: line 1: longer than ${LINE_BYTES_MAX} bytes\n`,
    ]);
    expect(heads(out)).toHaveLength(1);
  });

  test("no bytes at all make it fail otherwise", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom("spBv1.0/g/DDATA/n/d", "spBv1.0/STATE/x", "x"),
        async (bytes, topic) => {
          const { code, err } = await decoded([captured(topic, bytes)]);
          expect(code).toBe(err === "" ? 0 : 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("lines are lines however the bytes are cut, with topics that have spaces, other line ends, none at the end", async () => {
  const lines = [birth.replace("harbour", "my group"), "", `${message("NDATA", 1)}\r`, birth];
  const whole = Buffer.from(lines.join("\n"));
  const { out: expected } = await decodedBytes([whole]);
  expect(heads(expected)[0]).toContain("NBIRTH my group/gw-1");
  expect(heads(expected)).toHaveLength(3);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 5 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const chunks = edges.slice(1).map((end, i) => whole.subarray(edges[i], end));
      expect((await decodedBytes(chunks)).out).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

describe("used from the command line", () => {
  test("a file is named, or standard input is read", async () => {
    expect((await decoded([birth], ["capture.txt"])).opened).toEqual(["capture.txt"]);
    expect((await decoded([birth], ["-"])).opened).toEqual([undefined]);
    expect((await decoded([birth])).opened).toEqual([undefined]);
  });

  test("nothing more is read once nobody reads what is printed", async () => {
    const reader = new AbortController();
    const { io, said } = printed();
    let chunks = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (; ; chunks++) yield await Promise.resolve(Buffer.from(`${birth}\n`));
    };
    const out = (text: string): void => {
      io.out(text);
      reader.abort();
    };
    expect(await telemetryCommand(["decode"], { ...io, out, open: endless, gone: reader.signal })).toBe(0);
    expect(heads(said.out)).toHaveLength(1);
    expect(chunks).toBeLessThan(3);
  });

  test("a bare payload is read with its topic", async () => {
    const payload = encodePayload({ timestamp: T, seq: 0, metrics: [bdSeq(1n)] });
    const { code, out } = await decodedBytes(
      [payload.subarray(0, 5), payload.subarray(5)],
      ["--topic", "spBv1.0/g/NBIRTH/n"],
    );
    expect([code, heads(out)]).toEqual([0, ["2026-01-02 03:04:05.678  NBIRTH g/n  seq 0"]]);
    expect((await decodedBytes([Buffer.alloc(LINE_BYTES_MAX + 1)], ["--topic", "t"])).code).toBe(1);
  });

  test("a file that cannot be read is refused with 1, wrong use with 2", async () => {
    const { code, err } = await decoded([], ["missing"]);
    expect([code, err]).toEqual([1, "holdfast: TELEMETRY_FILE_UNREADABLE: ENOENT: no such file, open 'missing'\n"]);
    expect((await decoded([], ["a", "b"])).code).toBe(2);
    expect((await decoded([], ["--what"])).code).toBe(2);
    const { io } = printed();
    expect(
      await telemetryCommand(["encode"], { ...io, open: () => Readable(), gone: new AbortController().signal }),
    ).toBe(2);
  });
});

async function* Readable(): AsyncGenerator<Uint8Array> {}

test("no more edge nodes are remembered than there is room for", () => {
  const reader = new CaptureReader();
  const payload = encodePayload({ timestamp: T, seq: 0, metrics: [bdSeq(0n)] });
  for (let i = 0; i <= NODES_MAX; i++) reader.read(`spBv1.0/g/NBIRTH/n${i}`, payload);
  const notes = (node: string): unknown => {
    const said = reader.read(`spBv1.0/g/NDATA/${node}`, encodePayload({ timestamp: T, seq: 1, metrics: [] }));
    return "notes" in said ? said.notes : said;
  };
  expect(notes(`n${NODES_MAX}`)).toEqual([]);
  expect(notes("n1")).toEqual([]);
  expect(notes("n0")).toEqual(["the NBIRTH before it is not in this capture"]);
});
