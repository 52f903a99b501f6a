import { expect, test } from "vitest";
import { nearest } from "../../../agent/config/hints/nearest.ts";
import { formatReport } from "../../../agent/config/print-report.ts";
import { RIGHT, compile, edited, findingsOf, onlyFinding } from "./gateway-file.ts";

test.each([
  ["poll_ms", "pollMs"],
  ["PollMS", "pollMs"],
  ["polMs", "pollMs"],
  ["pollsM", "pollMs"],
  ["heartbeat", "heartbeatMs"],
  ["zzz", undefined],
  ["", undefined],
])("the word nearest to %j is %j", (offered, expected) => {
  expect(nearest(offered, ["pollMs", "heartbeatMs", "deadband"])).toBe(expected);
});

test.each([
  ["buses.0.devices.0.slave", 3, /here it is called `unit`/],
  ["buses.0.rtu.speed", 9_600, /here it is called `baudRate`/],
  ["buses.1.tcp.ip", "192.0.2.1", /here it is called `host`/],
  ["uplink.broker.password", "x", /did you mean `passwordFile`/],
  ["uplink.url", "mqtts://a", /belongs in `uplink\.broker`/],
  ["queueValuesMax", 5_000, /belongs in `uplink`/],
])("an unknown key %s gets the hint that helps", (path, value, hint) => {
  expect(onlyFinding(edited({ [path]: value }))).toMatchObject({
    code: "CONFIG_KEY_UNKNOWN",
    hint: expect.stringMatching(hint),
  });
});

test.each([
  ["pollMs: 5s", /write 5000: the unit is in the name of the key/],
  ["pollMs: 500 ms", /write 500: the unit/],
  ["pollMs: 1:30", /write 90000: numbers with colons are YAML 1\.1/],
  ["pollMs: 1_000", /write 1000, digits only/],
  ["pollMs: 0b11", /write 3, digits only/],
  ["pollMs: soon", /write a number, such as 1000/],
  ["pollMs: 99.5", /write 100/],
  ["pollMs:", /write the value behind `pollMs: `, or delete the line/],
  ["pollMs: [1000]", /write one value behind `pollMs: `/],
  ["pollMs: .nan", /write a number/],
  ["pollMs: 1e999", /write a number/],
  ["pollMs: 09", /write 9/],
  ["pollMs: 5", /write at least 20/],
  ["requests: true", /write the keys below it, indented: optimise, insertMax, onePerPoint/],
  ["requests: [optimise]", /delete the `- `/],
  ["merge: {}", /here it is called `requests`/],
])("`%s` gets the hint that helps", (line, hint) => {
  const text = RIGHT.replace("        unit: 2\n", `        unit: 2\n        ${line}\n`);
  expect(onlyFinding(text).hint).toMatch(hint);
});

test.each([
  ["type: float", /did you mean float32\?/],
  ["type: WORD", /did you mean uint16\?/],
  ["type: uint-16", /did you mean uint16\?/],
  ["type: 16", /write one of bool, int8, uint8, int16/],
  ["wordOrder: CDAB", /did you mean little\?/],
  ["scale: 0,1", /write 0\.1, with a decimal point/],
  ["scale: 10 %", /write 10, without "%"/],
  ["unit: 5", /put it in quotes: "5"/],
  ["unit: 007", /put it in quotes: "007"/],
  ["unit: null", /write the value behind `unit: `/],
  ['unit: "a\\tb"', /on one line/],
  ['unit: ""', /write something/],
  ["bit: {}", /write one value behind `bit: `/],
])("`%s` at a point gets the hint that helps", (line, hint) => {
  const text = RIGHT.replace("            address: 0\n", `            address: 0\n            ${line}\n`);
  expect(onlyFinding(text).hint).toMatch(hint);
});

test.each([
  ["table: holding", /did you mean holding-register\?/],
  ["table: HoldingRegisters", /did you mean holding-register\?/],
  ["table: coils", /did you mean coil\?/],
  ["table: 3", /write one of coil/],
])("`%s` gets the hint that helps", (line, hint) => {
  expect(onlyFinding(RIGHT.replace("table: input-register", line)).hint).toMatch(hint);
});

test("a nameplate address with the digit of the table is turned into the one on the wire", () => {
  expect(onlyFinding(RIGHT.replace("address: 100", "address: 400011")).hint).toMatch(/write 10:/u);
});

test("versions and stop bits with or without quotes are told apart", () => {
  expect(onlyFinding(edited({ "uplink.broker.protocol": 5 })).hint).toBe('put it in quotes: "5"');
  expect(onlyFinding(edited({ "buses.0.rtu.stopBits": "1" })).hint).toBe("write 1, without quotes");
  expect(onlyFinding(edited({ "buses.0.rtu.parity": "N" })).hint).toBe("did you mean none?");
});

test("a list where a mapping is wanted and the other way round say what to do with the dash", () => {
  expect(onlyFinding(edited({ "uplink.broker": [] })).hint).toMatch(/delete the `- `/u);
  expect(onlyFinding(edited({ "buses.0.devices": { name: "x" } })).hint).toMatch(/begin each entry with `- `/u);
  expect(onlyFinding(edited({ "buses.0.devices": [] }))).toMatchObject({
    code: "CONFIG_LENGTH",
    hint: expect.stringMatching(/add a device/u),
  });
});

test("names get a spelling that can stand in a topic", () => {
  const hint = (site: string): string | undefined => findingsOf(edited({ site }))[0]?.hint;
  expect(hint("Häuser am See")).toBe('write "Ha-user-am-See"');
  expect(hint("a/+/#")).toBe('write "a"');
  expect(hint("-.-")).toBe('write "name-1"');
  expect(hint("x".repeat(65))).toBe(`write "${"x".repeat(60)}…"`);
});

test("one interface, as files had it before there could be several, becomes a list of one", () => {
  expect(onlyFinding(edited({ interfaces: { uplink: "eth0" } }))).toMatchObject({
    code: "CONFIG_TYPE",
    path: "interfaces.uplink",
    hint: expect.stringContaining("write `uplink: [eth0]`"),
  });
  expect(onlyFinding(edited({ "uplink.fallbacks": "mqtts://b" })).hint).toMatch(/begin each entry with `- `/u);
});

test.each([
  ["5 MB", 5_000_000],
  ["1.5GB", 1_500_000_000],
  ["64 KiB", 65_536],
])("a budget of %s gets its number of bytes", (live, bytes) => {
  expect(onlyFinding(edited({ "uplink.budget": { day: { live } } })).hint).toBe(`write ${bytes}: bytes, digits only`);
});

test("words that would be numbers without quotes are offered in quotes", () => {
  expect(onlyFinding(edited({ "uplink.broker.tlsVersionMin": "TLSv1.2" })).hint).toBe('write one of "1.3", "1.2"');
});

test.each([
  ["socks5://proxy:1080", /HTTP proxy that does CONNECT/],
  ["proxy.example.org:3128", /write "http:\/\/proxy\.example\.org:3128"/],
  ["gw:hunter2@proxy:3128", /write "http:\/\/proxy:3128"/],
])("a proxy called %s gets the hint that helps", (url, hint) => {
  expect(onlyFinding(edited({ "uplink.broker.proxy": { url } }))).toMatchObject({
    code: "CONFIG_PROXY_URL",
    hint: expect.stringMatching(hint),
  });
});

/** A finding as people read it, with the line of the file. */
function shownAbout(text: string): string {
  const compiled = compile(text);
  return "snapshot" in compiled ? "" : formatReport(compiled.report, text, { colour: false });
}

test.each([
  ["url", "user:hunter2@broker:8883"],
  ["url", "mqtt://user:hunter2@broker"],
  ["url", "mqtts://user:hunter2@broker"],
  ["url", "wss://broker:99999/mqtt?x-amz-customauthorizer-signature=hunter2"],
  ["url", "wss://broker/mqtt?key=hunter2#x"],
  ["proxy", "http://user:hunter2@proxy"],
  ["proxy", "user:hunter2@proxy:3128"],
  ["password", "hunter2"],
  ["pasword", "hunter2"],
  ["pwd", "hunter2"],
  ["passphrase", "hunter2"],
  ["secret-token", "hunter2"],
])("a secret written as `%s: %s` is in no message, hint or excerpt", (key, value) => {
  const shown = shownAbout(edited({ [`uplink.broker.${key}`]: value }));
  expect(shown).toContain("gateway.yaml");
  expect(shown).not.toContain("hunter2");
});

test("what somebody wrote is shown without what a terminal would obey, and without credentials", () => {
  const escapes = onlyFinding(edited({ site: "a\u001b[31m\u202eb" }));
  expect(escapes.message).toContain("\\u001b[31m\\u{202e}");
  const secret = JSON.stringify(findingsOf(edited({ "uplink.broker.url": "mqtt://user:hunter2@broker" })));
  expect(secret).not.toContain("hunter2");
  expect(JSON.stringify(findingsOf(edited({ "uplink.broker.url": "mqtts://user:hunter2@broker" })))).not.toContain(
    "hunter2",
  );
});
