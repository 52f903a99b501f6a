import fc from "fast-check";
import { expect, test } from "vitest";
import { compileConfig } from "../../../../agent/config/index.ts";
import { convertTelegraf } from "../../../../agent/config/import/telegraf/convert.ts";
import { durationMs } from "../../../../agent/config/import/telegraf/duration.ts";

function convert(toml: string) {
  const converted = convertTelegraf(toml, "telegraf.conf", {});
  if ("refused" in converted) throw new Error(converted.refused.message);
  return converted;
}

function notesOf(toml: string): readonly string[] {
  return convert(toml).notes.map(({ kind, about }) => `${kind}: ${about}`);
}

/** The findings of the file that comes of it; empty where `config check` takes it. */
function findingsOf(toml: string) {
  const compiled = compileConfig(convert(toml).yaml, "/etc/holdfast/gateway.yaml");
  return "report" in compiled ? compiled.report.findings : [];
}

const plugin = (
  options: string,
  fields = '{ name = "a", address = [0], byte_order = "AB", data_type = "INT16", scale = 1.0 }',
) =>
  `[[inputs.modbus]]\nname = "d"\nslave_id = 1\ncontroller = "tcp://d.test:502"\nholding_registers = [${fields}]\n${options}\n`;

test("a file without site, device and broker is taken as it stands, its placeholders are marked", () => {
  expect(findingsOf(plugin(""))).toEqual([]);
  const { yaml } = convert(plugin(""));
  expect(yaml.match(/# REPLACE: /gu)).toHaveLength(6);
  const named = convertTelegraf(plugin(""), "t.conf", { site: "s", device: "g", broker: "mqtts://b" });
  expect("yaml" in named && named.yaml).toMatch(/^site: s\ndevice: g\n/mu);
});

test.each([
  ["exclude_register_type_tag = true", /^lost: exclude_register_type_tag = true: it shapes Telegraf's metrics/u],
  ['log_level = "trace"', /^lost: log_level = "trace": the gateway has a log of its own/u],
  ['fieldexclude = ["a"]', /^lost: fieldexclude = \["a"\]: every field is converted/u],
  ["[inputs.modbus.rs485]\nrts_high_during_send = true", /^lost: rts_high_during_send = true: the kernel drives RTS/u],
  ['[inputs.modbus.tags]\nroom = "1"', /^lost: tags \{"room":"1"\}: values have no tags/u],
  ["warp_factor = 9", /^unknown: warp_factor = 9: not an option that is known here/u],
  ["[inputs.modbus.workarounds]\nguess = 1", /^unknown: guess = 1/u],
  [
    "[[inputs.modbus.request]]\nslave_id = 1",
    /^lost: request = .*: configuration_type is register, so Telegraf does not read it/u,
  ],
  ['timeout = "soon"', /^lost: timeout = "soon": a time such as "500ms" is wanted/u],
  ["busy_retries = 99", /^changed: busy_retries = 99: at most 10/u],
  ['transmission_mode = "RTU"', /^lost: transmission_mode = "rtu": no such mode of a socket/u],
])("%s is not dropped in silence", (options, note) => {
  expect(notesOf(plugin(options))).toEqual(expect.arrayContaining([expect.stringMatching(note)]));
  expect(findingsOf(plugin(options))).toEqual([]);
});

test.each([
  [
    '{ name = "a", address = [0, 2], byte_order = "ABCD", data_type = "INT32", scale = 1.0 }',
    /neighbouring registers/u,
  ],
  ['{ name = "a", address = [0], byte_order = "ABCD", data_type = "INT32", scale = 1.0 }', /it has 1 addresses/u],
  ['{ name = "a", address = [0], byte_order = "AB", data_type = "INT12", scale = 1.0 }', /no such type/u],
  ['{ name = "a", address = [0], byte_order = "ACBD", data_type = "INT16", scale = 1.0 }', /no such order/u],
  ['{ name = "a", address = "x", byte_order = "AB", data_type = "INT16" }', /a list of numbers is wanted/u],
])("a field that cannot be converted is left out and told: %s", (field, note) => {
  const toml = plugin("", `${field}, { name = "b", address = [9], byte_order = "AB", data_type = "INT16" }`);
  expect(convert(toml).points).toBe(1);
  expect(notesOf(toml)).toEqual(expect.arrayContaining([expect.stringMatching(note)]));
});

test("names that no topic takes are changed, names taken twice are told apart, and each is told", () => {
  const toml = `${plugin("", ["Füllstand 1", "a/b", "A", "a"].map((name, n) => `{ name = "${name}", address = [${n}], byte_order = "AB", data_type = "INT16" }`).join(", "))}
input_registers = [{ name = "a", address = [0], byte_order = "AB", data_type = "INT16", measurement = "tank" }]`;
  expect(findingsOf(toml)).toEqual([]);
  const { yaml } = convert(toml);
  for (const name of ["Fullstand-1", "a-b", "holding-register-A", "a", "tank-a"])
    expect(yaml).toContain(`{ name: ${name},`);
  const told = notesOf(toml).filter((note) => note.startsWith("changed: the name"));
  expect(told).toHaveLength(4);
});

test("fields of one name in several measurements are all called after theirs", () => {
  const toml = `[[inputs.modbus]]
name = "inverter"
controller = "tcp://inverter.test:502"
configuration_type = "request"
[[inputs.modbus.request]]
slave_id = 9
register = "holding"
fields = [
  { address = 16, measurement = "Voltage", name = "PV1", type = "INT16", scale = 0.1, output = "FLOAT64" },
  { address = 17, measurement = "Current", name = "PV1", type = "INT16", scale = 0.01, output = "FLOAT64" },
  { address = 64, measurement = "Power", name = "DC", type = "INT32", output = "FLOAT64" },
]`;
  expect(findingsOf(toml)).toEqual([]);
  for (const name of ["Voltage-PV1", "Current-PV1", "DC"]) expect(convert(toml).yaml).toContain(`{ name: ${name},`);
  expect(notesOf(toml).filter((note) => note.includes("output"))).toHaveLength(1);
});

test("holes of several requests are joined where they overlap, and reach over whole values", () => {
  const request = (fields: string): string =>
    `[[inputs.modbus.request]]\nslave_id = 1\nregister = "holding"\nfields = [${fields}]\n`;
  const a =
    '{ address = 0, name = "a", type = "INT16" }, { address = 1, omit = true }, { address = 2, name = "b", type = "INT16" }';
  const c =
    '{ address = 1, name = "c", type = "INT16" }, { address = 2, omit = true }, { address = 3, name = "d", type = "INT16" }';
  const far = '{ address = 3, name = "e", type = "INT32" }';
  const toml = `[[inputs.modbus]]\nname = "d"\ncontroller = "tcp://d.test"\nconfiguration_type = "request"\n${request(a)}${request(c)}${request(far)}`;
  expect(findingsOf(toml)).toEqual([]);
  expect(convert(toml).yaml).toContain("blocks:\n            - { table: holding-register, address: 0, count: 5 }\n");
});

test("a port whose number moves, one of Windows, and one from the environment become placeholders", () => {
  for (const [controller, was] of [
    ["file:///dev/ttyUSB0", "/dev/ttyUSB0"],
    ["COM3", "COM3"],
    ["tcp://${PLC}:502", "tcp://${PLC}:502"],
  ]) {
    const toml = plugin("").replace("tcp://d.test:502", controller ?? "");
    expect(convert(toml).yaml).toContain(`it was ${was ?? ""}`);
    expect(findingsOf(toml)).toEqual([]);
  }
});

test("sections that share a line become one bus, and the same unit one device", () => {
  const toml = `${plugin('interval = "1s"')}${plugin('interval = "1m"').replaceAll('"a"', '"slow"')}`;
  expect(findingsOf(toml)).toEqual([]);
  expect(convert(toml)).toMatchObject({ devices: 1, points: 2 });
  expect(convert(toml).yaml).toMatch(/pollMs: 1000\n[^]*name: slow,.*pollMs: 60000/u);
});

test("units that a serial line does not have are left out and told", () => {
  const toml = `${plugin("")}${plugin("").replace("slave_id = 1", "slave_id = 0").replace("tcp://d.test:502", "/dev/ttyS1")}`;
  expect(notesOf(toml)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^lost: slave_id = 0: a serial line has units 1 to 247/u)]),
  );
  expect(findingsOf(toml)).toEqual([]);
});

test("what stands beside the Modbus inputs is told once each", () => {
  const toml = `[global_tags]\na = "b"\n[agent]\ninterval = "2s"\nround_interval = true\n[[outputs.influxdb_v2]]\n[[outputs.influxdb_v2]]\n[[inputs.cpu]]\n[[processors.rename]]\n${plugin("")}`;
  expect(notesOf(toml)).toEqual([
    expect.stringMatching(/^lost: values have no tags/u),
    expect.stringMatching(/round_interval: settings of Telegraf itself/u),
    expect.stringMatching(/MQTT broker/u),
    expect.stringMatching(/no Modbus/u),
    expect.stringMatching(/derived/u),
  ]);
});

test.each([
  ["[[inputs.modbus", "IMPORT_TOML", /^telegraf\.conf:1:\d+: /u],
  ["[agent]\n", "IMPORT_NOTHING", /no \[\[inputs\.modbus\]\]/u],
  ["[[inputs.modbus]]\ncontroller = 'udp://x'\n", "IMPORT_NOTHING", /tcp:\/\/HOST:PORT/u],
])("%j is refused with %s", (toml, code, message) => {
  const converted = convertTelegraf(toml, "telegraf.conf", {});
  expect(converted).toMatchObject({ refused: { code, message: expect.stringMatching(message) } });
});

test.each([
  ["1m30s", 90_000],
  ["100ms", 100],
  ["0.5s", 500],
  ["2", 2_000],
  [3, 3_000],
  ["soon", undefined],
  ["", undefined],
  [-1, undefined],
])("%j is %j milliseconds", (written, ms) => {
  expect(durationMs(written)).toBe(ms);
});

test("2 000 damaged files are converted or refused, and never throw", () => {
  const whole = plugin('timeout = "1s"\nbusy_retries = 2\n[inputs.modbus.workarounds]\npause_after_connect = "1s"');
  const cut = fc.record({ from: fc.nat(whole.length), length: fc.nat(12), instead: fc.string({ maxLength: 4 }) });
  const property = fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
    let text = whole;
    for (const { from, length, instead } of cuts) text = text.slice(0, from) + instead + text.slice(from + length);
    convertTelegraf(text, "telegraf.conf", {});
  });
  fc.assert(property, { numRuns: 2_000 });
});
