import fc from "fast-check";
import { expect, test } from "vitest";
import { compileConfig } from "../../../../agent/config/index.ts";
import { convertTelegraf } from "../../../../agent/config/import/telegraf/convert.ts";

const FIELD = '{ name = "a", address = [0], byte_order = "AB", data_type = "INT16" }';

function section(options: string, fields = FIELD, controller = "tcp://d.test:502"): string {
  return `[[inputs.modbus]]\nname = "d"\nslave_id = 1\ncontroller = "${controller}"\nholding_registers = [${fields}]\n${options}\n`;
}

function request(options: string, fields: string): string {
  const whole = `${fields}, { address = 9, name = "sound", type = "INT16" }`;
  return `[[inputs.modbus]]\nname = "d"\ncontroller = "tcp://d.test"\nconfiguration_type = "request"\n[[inputs.modbus.request]]\nslave_id = 1\nregister = "holding"\n${options}\nfields = [${whole}]\n`;
}

/** What is told, and the findings of the file that comes of it. */
function imported(toml: string) {
  const converted = convertTelegraf(toml, "telegraf.conf", {});
  if ("refused" in converted) throw new Error(converted.refused.message);
  const compiled = compileConfig(converted.yaml, "/etc/holdfast/gateway.yaml");
  return {
    yaml: converted.yaml,
    told: converted.notes.map(({ kind, about }) => `${kind}: ${about}`),
    codes: "report" in compiled ? compiled.report.findings.map(({ code }) => code) : [],
  };
}

const more = (options: string): string => section(options, FIELD, "/dev/ttyS1");
const sound = '{ name = "sound", address = [9], byte_order = "AB", data_type = "INT16" }';
const field = (keys: string): string => section("", `{ name = "odd", ${keys} }, ${sound}`);

test.each([
  [section('timeout = "2m"'), "timeoutMs: 60000", /^changed: timeout = "2m": at most 60000 ms are taken/u],
  [section('timeout = "1ms"'), "timeoutMs: 10", /^changed: timeout = "1ms": at least 10 ms/u],
  [section('interval = "48h"'), "pollMs: 86400000", /^changed: interval = "48h": at most/u],
  [`[agent]\ninterval = "1ms"\n${section("")}`, "pollMs: 20", /^changed: interval = "1ms": at least 20 ms/u],
  [section('busy_retries = 1\nbusy_retries_wait = "1m"'), "busyRetryMs: 10000", /^changed: busy_retries_wait/u],
  [section("busy_retries = 1.5"), "busyRetries: 2", /^changed: busy_retries = 1.5: whole numbers/u],
  [
    section('[inputs.modbus.workarounds]\npause_after_connect = "5m"'),
    "connectPauseMs: 60000",
    /^changed: pause_after_connect/u,
  ],
  [
    section('interval = "1h"\n[inputs.modbus.workarounds]\npause_between_requests = "20s"'),
    "requestGapMs: 10000",
    /^changed: pause_between_requests/u,
  ],
  [section("[inputs.modbus.workarounds]\nmax_word_registers_per_request = 500"), "address: 0", /at most 125 are taken/u],
  [section("[inputs.modbus.workarounds]\nmax_bit_registers_per_request = -1"), "address: 0", /at least 0 are taken/u],
  [
    section("[inputs.modbus.workarounds]\nmax_word_registers_per_request = 1", '{ name = "a", address = [0, 1], byte_order = "ABCD", data_type = "INT32" }'),
    "registersMax: 2",
    /^changed: max_word_registers_per_request = 1: a value has 2 registers/u,
  ],
  [section('tags = "x"'), "address: 0", /^lost: tags = "x": a table of tags is wanted/u],
  [
    section(
      "[[inputs.modbus.workarounds]]\none_request_per_field = true\n[[inputs.modbus.workarounds]]\nread_coils_starting_at_zero = true",
    ),
    "onePerPoint: true",
    /^lost: workarounds: they are given twice/u,
  ],
  [more("stop_bits = 3"), "stopBits: 2", /^changed: stop_bits = 3: at most 2/u],
  [more("baud_rate = 110"), "baudRate: 300", /^changed: baud_rate = 110: at least 300/u],
  [more('data_bits = 5\ntransmission_mode = "ASCII"'), "dataBits: 7", /^changed: data_bits = 5: at least 7/u],
  [
    request('optimization = "max_insert"\noptimization_max_register_fill = 5000', '{ address = 1, name = "a", type = "INT16" }'),
    "insertMax: 1999",
    /^changed: optimization_max_register_fill = 5000: at most 1999/u,
  ],
  [field('address = [0], byte_order = "AB", data_type = "BIT", scale = 0.1'), "odd", /^lost: scale = 0.1: a bit has none/u],
  [field('address = [0], byte_order = "AB", data_type = "INT16", scale = inf'), "odd", /scale = "Infinity": a number/u],
  [field('address = [0], byte_order = "AB", data_type = "INT16", scale = 0.1'), "odd", /^changed: a whole number with a scale/u],
])("what the gateway does not take is brought to what it takes, and told (%#)", (toml, kept, note) => {
  const { yaml, told, codes } = imported(toml);
  expect(codes).toEqual([]);
  expect(yaml).toContain(kept);
  expect(told).toEqual(expect.arrayContaining([expect.stringMatching(note)]));
}); // prettier-ignore

test.each([
  [field('address = [70000], byte_order = "AB", data_type = "INT16"'), /^lost: address = 70000: 0 to 65535/u],
  [field('address = [-1], byte_order = "AB", data_type = "INT16"'), /^lost: address = -1/u],
  [field('address = [0.5], byte_order = "AB", data_type = "INT16"'), /^lost: address = 0\.5/u],
  [field('address = [65535, 65536], byte_order = "ABCD", data_type = "INT32"'), /2 registers from 65535 go beyond/u],
  [field('address = [1, 2], byte_order = "AB", data_type = "BIT"'), /^lost: data_type = "BIT": it has 2 addresses/u],
  [field('address = [1], byte_order = "AB", data_type = "BIT", bit = 16'), /^lost: bit = 16: 0 to 15/u],
  [request("", '{ address = 1, name = "odd", type = "STRING", length = 126 }'), /it has 126 registers: 1 to 125/u],
  [request("", '{ address = 1, name = "odd", type = "STRING", length = 0 }'), /it has 0 registers/u],
  [request("", '{ address = 70000, name = "odd", omit = true }'), /^lost: address = 70000/u],
  [`${section("")}${section("").replace("slave_id = 1", "slave_id = 300")}`, /^lost: slave_id = 300: a socket has units 0 to 255/u],
  [`${section("")}${section("").replace("slave_id = 1", "slave_id = 1.5")}`, /^lost: slave_id = 1\.5/u],
  [`${section("")}${section("", FIELD, "tcp://d.test:99999")}`, /^lost: controller: there is no port 99999/u],
  [`${section("")}${section("", FIELD, "tcp://a b:1")}`, /^lost: controller: "a b" is neither a host name nor an address/u],
])("what cannot be read at all is left out and told, and the rest is right (%#)", (toml, note) => {
  const { yaml, told, codes } = imported(toml);
  expect(codes).toEqual([]);
  expect(yaml).not.toContain("odd,");
  expect(told).toEqual(expect.arrayContaining([expect.stringMatching(note)]));
}); // prettier-ignore

test("sections that ask one unit in different ways are told apart key by key, and the first holds", () => {
  const first = section('timeout = "1s"\n[inputs.modbus.workarounds]\nmax_word_registers_per_request = 10');
  const other = section(
    'timeout = "3s"\nbusy_retries = 3\n[inputs.modbus.workarounds]\npause_between_requests = "50ms"\nmax_word_registers_per_request = 100\none_request_per_field = true',
    FIELD.replace('"a"', '"b"'),
  ).replace('name = "d"', 'name = "e"');
  const { yaml, told, codes } = imported(`${first}${other}`);
  expect(codes).toEqual([]);
  expect(yaml).toContain("timeoutMs: 1000\n");
  expect(yaml).toContain("registersMax: 10\n");
  expect(yaml).not.toMatch(/^ +(?:busyRetries|requestGapMs|onePerPoint):/mu);
  for (const key of ["name", "timeoutMs", "busyRetries", "requestGapMs", "registersMax", "onePerPoint"])
    expect(told.filter((note) => note.includes(`with another ${key} (`))).toHaveLength(1);
  expect(imported(`${first}${first}`).told.filter((note) => note.includes("with another"))).toEqual([]);
});

test("a file in which nothing is left says so without an empty list of reasons", () => {
  const toml = request("", '{ address = 1, omit = true }').replace(', { address = 9, name = "sound", type = "INT16" }', "");
  expect(convertTelegraf(toml, "t.conf", {})).toEqual({
    refused: { code: "IMPORT_NOTHING", message: "t.conf has no field that could be converted" },
  });
}); // prettier-ignore

test("whatever numbers a file has, what comes of it is right but for its time", () => {
  const number = fc.constantFrom("-1", "0", "1", "2.5", "16", "99", "300", "65535", "1e9", "inf");
  const time = fc.constantFrom('"0s"', '"1us"', '"3s"', '"10m"', '"9999h"', "7");
  const property = fc.property(
    fc.record({ unit: number, address: number, bit: number, scale: number, word: number, bits: number, retries: number, fill: number }),
    fc.record({ timeout: time, interval: time, wait: time, pause: time, gap: time }),
    fc.constantFrom("INT16", "BIT", "FLOAT32", "STRING", "uint8l"),
    fc.constantFrom("", "shrink", "rearrange", "aggressive", "max_insert"),
    (n, t, type, optimise) => {
      const toml = `[[inputs.modbus]]\ncontroller = "tcp://d.test"\nconfiguration_type = "request"\ntimeout = ${t.timeout}\ninterval = ${t.interval}\nbusy_retries = ${n.retries}\nbusy_retries_wait = ${t.wait}
[[inputs.modbus.request]]\nslave_id = ${n.unit}\noptimization = "${optimise}"\noptimization_max_register_fill = ${n.fill}
fields = [{ address = ${n.address}, name = "a", type = "${type}", bit = ${n.bit}, scale = ${n.scale} }, { address = 3, name = "b", type = "INT16" }]
[inputs.modbus.workarounds]\npause_after_connect = ${t.pause}\npause_between_requests = ${t.gap}\nmax_word_registers_per_request = ${n.word}\nmax_bit_registers_per_request = ${n.bits}\n`;
      const converted = convertTelegraf(toml, "telegraf.conf", {});
      if ("refused" in converted) return;
      const compiled = compileConfig(converted.yaml, "/etc/holdfast/gateway.yaml");
      const codes = "report" in compiled ? compiled.report.findings.map(({ code }) => code) : [];
      expect(codes.filter((code) => code !== "CONFIG_POLL_IMPOSSIBLE")).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 500, seed: 4 });
}); // prettier-ignore
