import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { snapshotOfFolder } from "./folder.ts";

test("the files shown in the docs compile as they are", () => {
  const page = readFileSync(new URL("../../../../docs/operate/many-similar-units.md", import.meta.url), "utf8");
  const blocks = Array.from(page.matchAll(/```(yaml|text)\n([^]*?)```/gu), ([, , text = ""]) => text);
  const unit = blocks.find((text) => text.startsWith("extends: station.yaml")) ?? "";
  const station = blocks.find((text) => text.startsWith("variables:\n  site: {")) ?? "";
  const table = blocks.find((text) => text.startsWith("name,table,")) ?? "";
  const { field } = snapshotOfFolder({ "gateway.yaml": unit, "station.yaml": station, "maps/well.csv": table });
  expect(field.device).toBe("gw-017");
  expect(field.buses[0]?.devices.map(({ name, points }) => [name, points.length])).toEqual([
    ["pump-1", 2],
    ["pump-2", 2],
    ["well", 3],
  ]);
});
