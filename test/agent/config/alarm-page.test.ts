import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileExpression } from "../../../agent/config/expression/index.ts";
import { findingsOf, snapshotOf } from "./gateway-file.ts";

const page = readFileSync(new URL("../../../docs/operate/alarms.md", import.meta.url), "utf8");

const PLANT = `site: riverside
device: gateway-1
uplink:
  broker: { url: "mqtts://broker.example.org", anchors: ca.pem, certificate: gateway.pem, key: gateway.key }
buses:
  - name: line-1
    rtu: { path: /dev/ttyS1 }
    devices:
      - { name: well, unit: 1, points: [{ name: level, table: input-register, address: 0 }] }
      - name: pump-1
        unit: 2
        points:
          - { name: running, table: discrete-input, address: 0 }
          - { name: power, table: input-register, address: 0 }
      - { name: pump-2, unit: 3, points: [{ name: running, table: discrete-input, address: 0 }, { name: power, table: input-register, address: 0 }] }
`;

test("what the page on alarms shows is taken as it stands", () => {
  const shown = Array.from(page.matchAll(/```yaml\n(.*?)```/gsu), ([, yaml = ""]) => yaml).join("");
  expect(findingsOf(PLANT + shown)).toEqual([]);
  const { alarms, derived } = snapshotOf(PLANT + shown).field;
  expect([alarms?.rules.length, derived?.points.length]).toEqual([2, 2]);
});

test("every function that the page lists is one, and there is no other", () => {
  const listed = new Set(
    Array.from(page.matchAll(/`(abs|min|max|round|sqrt|if|good|fallback)\(/gu), ([, name]) => name),
  );
  const known = ["abs", "min", "max", "round", "sqrt", "if", "good", "fallback"];
  expect(listed).toEqual(new Set(known));
  expect(compileExpression("sin(1)", () => "number")).toHaveProperty("error");
});
