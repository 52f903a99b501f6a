import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { ConfigCode } from "../../../agent/config/codes.ts";
import { compile } from "./gateway-file.ts";

const folder = new URL("./broken/", import.meta.url);
type Expected = readonly [code: ConfigCode, line: number, column: number, hint: RegExp];

/** What each broken file is answered with: all of it, and nothing else. */
const BROKEN: Readonly<Record<string, readonly Expected[]>> = {
  "alias-inside-itself": [["CONFIG_YAML_ALIAS", 18, 13, /write the value out/]],
  "bad-indentation": [["CONFIG_YAML_SYNTAX", 22, 11, /indentation of its neighbours/]],
  "bool-without-bit": [["CONFIG_BIT", 21, 19, /add `bit: 0`/]],
  "both-transports": [["CONFIG_TRANSPORT", 14, 5, /delete one/]],
  "coil-float32": [["CONFIG_TABLE_TYPE", 21, 19, /write `type: bool`, or take a holding-register/]],
  "duplicate-key": [["CONFIG_KEY_DUPLICATE", 23, 9, /keep one/]],
  "duplicate-names": [["CONFIG_NAME_DUPLICATE", 21, 15, /"pump-1-2"/]],
  "duplicate-unit": [["CONFIG_UNIT_DUPLICATE", 22, 15, /2 is free/]],
  "infinite-limit": [["CONFIG_NUMBER_FORM", 21, 19, /leave the key out/]],
  "misplaced-key": [["CONFIG_KEY_UNKNOWN", 11, 5, /belongs in `buses\[\]\.rtu`/]],
  "missing-key": [["CONFIG_KEY_MISSING", 5, 5, /add a line `key: …` \(PEM file of the gateway's private key\)/]],
  "name-with-slash": [["CONFIG_TOPIC_NAME", 1, 7, /write "river-side"/]],
  "no-transport": [["CONFIG_TRANSPORT", 10, 3, /add `rtu:` with a path, or `tcp:` with a host/]],
  "octal-unit": [["CONFIG_NUMBER_FORM", 22, 15, /write 10 for 10, 0o10 for 8/]],
  "plain-mqtt": [["CONFIG_BROKER_URL", 5, 10, /"mqtts:\/\/broker\.example\.org:8883": plain MQTT does not exist/]],
  "poll-impossible": [["CONFIG_POLL_IMPOSSIBLE", 14, 5, /multiply pollMs by 1\.7/]],
  "quoted-number": [["CONFIG_TYPE", 22, 15, /write 2, digits only and without quotes/]],
  "range-order": [["CONFIG_RANGE_ORDER", 22, 19, /`low: 10` and `high: 100`/]],
  "range-wraps": [["CONFIG_ADDRESS_WRAPS", 20, 22, /at most 65534/]],
  "read-only-output": [["CONFIG_OUTPUT_READ_ONLY", 21, 13, /take the holding-register/]],
  "scale-zero": [["CONFIG_SCALE_ZERO", 21, 20, /0\.1 for tenths/]],
  "serial-unit-zero": [["CONFIG_SERIAL_UNIT", 16, 15, /set at the device/]],
  "several-at-once": [
    ["CONFIG_TOPIC_NAME", 2, 9, /"gateway-1"/],
    ["CONFIG_KEY_UNKNOWN", 13, 7, /did you mean `baudRate`/],
    ["CONFIG_RANGE", 22, 15, /at most 255/],
  ],
  "shared-line": [["CONFIG_BUS_SHARED", 29, 13, /under one bus/]],
  tab: [["CONFIG_YAML_SYNTAX", 22, 1, /indent with spaces/]],
  "two-documents": [["CONFIG_YAML_DOCUMENTS", 9, 1, /delete the --- line/]],
  "unknown-key": [["CONFIG_KEY_UNKNOWN", 17, 9, /did you mean `pollMs`/]],
  "unstable-path": [["CONFIG_UNSTABLE_PATH", 12, 13, /ls -l \/dev\/serial\/by-id/]],
  "wrong-type": [["CONFIG_TYPE", 13, 17, /such as 19200/]],
  "yaml-1-1": [["CONFIG_YAML_VERSION", 1, 1, /delete the %YAML line/]],
  "yes-is-text": [["CONFIG_TYPE", 14, 16, /write true, without quotes/]],
};

test.each(Object.entries(BROKEN))("%s.yaml is refused with its place and what to write instead", (name, expected) => {
  const compiled = compile(readFileSync(new URL(`${name}.yaml`, folder), "utf8"));
  const findings = "report" in compiled ? compiled.report.findings : [];
  expect(findings.map(({ code, line, column }) => [code, line, column])).toEqual(
    expected.map(([code, line, column]) => [code, line, column]),
  );
  for (const [index, [, , , hint]] of expected.entries()) expect(findings[index]?.hint).toMatch(hint);
});

test("every broken file has an expectation", () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(BROKEN)
      .map((name) => `${name}.yaml`)
      .toSorted(),
  );
});
