import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { ConfigCode } from "../../../agent/config/codes.ts";
import { compile } from "./gateway-file.ts";

const folder = new URL("./broken/", import.meta.url);
type Expected = readonly [code: ConfigCode, line: number, column: number, hint: RegExp];

/** What each broken file is answered with: all of it, and nothing else. */
const BROKEN: Readonly<Record<string, readonly Expected[]>> = {
  "address-base-zero": [["CONFIG_ADDRESS_BASE", 20, 22, /delete `addressBase: 1`/]],
  "alarm-contradiction": [["CONFIG_ALARM_CONDITION", 27, 41, /at least 2/]],
  "alarm-limit-outside": [
    ["CONFIG_ALARM_CONDITION", 24, 41, /within it, or widen the range/],
    ["CONFIG_ALARM_CONDITION", 27, 58, /smaller hysteresis/],
  ],
  "alarm-misfit": [
    ["CONFIG_ALARM_CONDITION", 24, 22, /state: \{ point: …, is: … \}/],
    ["CONFIG_ALARM_CONDITION", 27, 46, /several times 5000/],
    ["CONFIG_ALARM_CONDITION", 30, 41, /true or false, without quotes/],
    ["CONFIG_NAME_DUPLICATE", 31, 13, /"tamper-2"/],
    ["CONFIG_EXPRESSION", 33, 13, /compare it with something/],
  ],
  "alarm-two-conditions": [
    ["CONFIG_ALARM_CONDITION", 25, 7, /an alarm of its own, or join them in one `when`/],
    ["CONFIG_ALARM_CONDITION", 26, 7, /add one of high, low, rate/],
  ],
  "alias-inside-itself": [["CONFIG_YAML_ALIAS", 18, 13, /write the value out/]],
  "bad-indentation": [["CONFIG_YAML_SYNTAX", 22, 11, /indentation of its neighbours/]],
  "block-half-value": [
    ["CONFIG_BLOCK", 19, 15, /make one block of the two/],
    ["CONFIG_BLOCK", 24, 22, /reach over the whole value/],
  ],
  "bool-without-bit": [["CONFIG_BIT", 21, 19, /add `bit: 0`/]],
  "both-transports": [["CONFIG_TRANSPORT", 14, 5, /delete one/]],
  "clear-on-read-twice": [["CONFIG_CLEAR_ON_READ", 20, 13, /make a record of them/]],
  "coil-float32": [["CONFIG_TABLE_TYPE", 21, 19, /write `type: bool`, or take a holding-register/]],
  "derived-circle": [["CONFIG_DERIVED_CIRCLE", 23, 19, /points of devices only/]],
  "duplicate-key": [["CONFIG_KEY_DUPLICATE", 23, 9, /keep one/]],
  "duplicate-names": [["CONFIG_NAME_DUPLICATE", 21, 15, /"pump-1-2"/]],
  "duplicate-unit": [["CONFIG_UNIT_DUPLICATE", 22, 15, /2 is free/]],
  "expression-fault": [["CONFIG_EXPRESSION", 23, 33, /write and/]],
  "expression-unknown-point": [["CONFIG_POINT_UNKNOWN", 23, 24, /did you mean well\/level\?/]],
  "infinite-limit": [["CONFIG_NUMBER_FORM", 21, 19, /leave the key out/]],
  "loss-timer-unknown": [
    ["CONFIG_POINT_UNKNOWN", 18, 18, /did you mean watchdog\?/],
    ["CONFIG_LOSS_TIMER", 29, 9, /with a point of this device, or `\{ none: true \}`/],
    ["CONFIG_LOSS_TIMER", 38, 18, /0 for not armed/],
  ],
  "line-twice": [["CONFIG_IO_LINE", 32, 11, /give each line to one thing/]],
  "misplaced-key": [["CONFIG_KEY_UNKNOWN", 11, 5, /belongs in `buses\[\]\.rtu`/]],
  "missing-key": [["CONFIG_KEY_MISSING", 5, 5, /add a line `key: …` \(PEM file of the gateway's private key\)/]],
  "name-with-slash": [["CONFIG_TOPIC_NAME", 1, 7, /write "river-side"/]],
  "no-transport": [["CONFIG_TRANSPORT", 10, 3, /add `rtu:` or `ascii:` with a path, or `tcp:` with a host/]],
  "octal-unit": [["CONFIG_NUMBER_FORM", 22, 15, /write 10 for 10, 0o10 for 8/]],
  "output-circle": [["CONFIG_OUTPUT_CIRCLE", 22, 15, /take the condition out of the one that has to start first/]],
  "output-condition-no-bool": [["CONFIG_EXPRESSION", 22, 29, /compare it with something/]],
  "output-excludes-input": [["CONFIG_OUTPUT_NONE", 23, 19, /add `output: \{\}` to the point/]],
  "output-excludes-itself": [["CONFIG_OUTPUT_SELF", 23, 19, /delete the entry/]],
  "output-excludes-twice": [
    ["CONFIG_OUTPUT_CIRCLE", 32, 19, /delete one of the two: this one, or buses\[0\]\.devices\[0\]\.points\[0\]/],
  ],
  "output-excludes-unknown": [["CONFIG_POINT_UNKNOWN", 23, 19, /did you mean pump-2\/run\?/]],
  "output-listen-only": [["CONFIG_OUTPUT_LISTEN_ONLY", 22, 13, /delete the output, or listenOnly of the bus/]],
  "output-needs-what-it-excludes": [["CONFIG_OUTPUT_CIRCLE", 21, 13, /delete the condition or the exclusion/]],
  "output-plan-without-step": [
    ["CONFIG_PLAN_MISSING", 22, 15, /add `- \{ output: pump-1\/run, value: … \}` to plan\.steps/],
    ["CONFIG_PLAN_MISSING", 23, 15, /add `- \{ output: pump-1\/run/],
  ],
  "output-rate-on-bool": [["CONFIG_KEY_MEANINGLESS", 22, 15, /delete the line/]],
  "output-read-back-too-seldom": [["CONFIG_OUTPUT_READ_BACK", 23, 30, /at least 30000, or a shorter pollMs/]],
  "output-reads-itself": [["CONFIG_OUTPUT_SELF", 23, 25, /what the machine says of itself/]],
  "output-restored-unasked": [["CONFIG_OUTPUT_RECOVERY", 22, 24, /add `remoteEnable` or a permissive/]],
  "open-modbus-server": [
    ["CONFIG_MODBUS_SERVER", 28, 9, /anyInterface: true/],
    ["CONFIG_MODBUS_SERVER", 29, 13, /name the addresses of the clients/],
    ["CONFIG_POINT_UNKNOWN", 31, 14, /did you mean pump-1\/speed/],
  ],
  "plain-mqtt": [["CONFIG_BROKER_URL", 5, 10, /"mqtts:\/\/broker\.example\.org:8883": plain MQTT does not exist/]],
  "plan-step-twice": [["CONFIG_PLAN_STEP", 26, 15, /keep the one that is safe/]],
  "plan-step-unknown": [["CONFIG_POINT_UNKNOWN", 24, 15, /did you mean pump-1\/run\?/]],
  "plan-switches-on-both": [["CONFIG_PLAN_STEP", 34, 14, /switch one of them off/]],
  "plan-too-slow": [["CONFIG_PLAN_TIME", 35, 16, /`finishMsMax: \d{5}` or more, a shorter timeoutMs/]],
  "plan-trigger-name": [
    ["CONFIG_NAME_DUPLICATE", 27, 13, /"operator-2"/],
    ["CONFIG_NAME_DUPLICATE", 31, 13, /"flooded-2"/],
    ["CONFIG_EXPRESSION", 32, 14, /write a number/],
  ],
  "plan-value-misfit": [
    ["CONFIG_PLAN_STEP", 34, 14, /write true or false/],
    ["CONFIG_PLAN_STEP", 36, 14, /at most 50/],
    ["CONFIG_PLAN_STEP", 38, 14, /that the register can hold/],
  ],
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
