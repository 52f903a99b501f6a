import { expect, test } from "vitest";
import { EXAMPLE_GATEWAY_YAML } from "../../../../agent/config/index.ts";
import { expandedFolder, findingsOfFolder, snapshotOfFolder } from "./folder.ts";
import type { Folder } from "./folder.ts";
import { BY_HAND, FOLDER, STATION, UNIT } from "./station.ts";

const with_ = (files: Folder): Folder => ({ ...FOLDER, ...files });

test("a file of five lines that extends a station has the digest of the same file written by hand", () => {
  const byHand = snapshotOfFolder({ "gateway.yaml": BY_HAND });
  const extended = snapshotOfFolder(FOLDER);
  expect(extended).toEqual(byHand);
  expect(extended.digest).toBe(byHand.digest);
});

test("the file written out compiles to the same, and says nothing of templates", () => {
  const text = expandedFolder(FOLDER);
  expect(text).not.toMatch(/use:|extends|csv|\$\{/u);
  expect(snapshotOfFolder({ "gateway.yaml": text }).digest).toBe(snapshotOfFolder(FOLDER).digest);
  expect(snapshotOfFolder({ "gateway.yaml": expandedFolder({ "gateway.yaml": EXAMPLE_GATEWAY_YAML }) }).digest).toBe(
    snapshotOfFolder({ "gateway.yaml": EXAMPLE_GATEWAY_YAML }).digest,
  );
});

test("a key given in the file that extends takes the place of the whole key in the other", () => {
  const uplink = { broker: { url: "mqtts://other.example.org", anchors: "a", certificate: "b", key: "c" } };
  const snapshot = snapshotOfFolder(with_({ "gateway.yaml": `${UNIT}uplink: ${JSON.stringify(uplink)}\n` }));
  expect(snapshot.uplink.brokers[0].host).toBe("other.example.org");
});

test("three files may extend each other, and the outermost value of a variable holds", () => {
  const unit = "extends: region.yaml\nvariables: { device: gw-1, well-height: 9 }\n";
  const region = "extends: station.yaml\nvariables: { site: north, well-height: 4 }\n";
  const { field } = snapshotOfFolder(with_({ "gateway.yaml": unit, "region.yaml": region }));
  expect([field.site, field.device]).toEqual(["north", "gw-1"]);
  expect(field.buses[0]?.devices[2]?.points[0]).toMatchObject({ high: 9 });
});

test("PEM files stay in the folder of the first file, wherever the file lies that names them", () => {
  const station = STATION.replace("maps/well.csv", "../maps/well.csv");
  const folder = with_({
    "gateway.yaml": UNIT.replace("station.yaml", "base/station.yaml"),
    "base/station.yaml": station,
  });
  expect(snapshotOfFolder(folder).uplink.brokers[0].keyPath).toBe("/etc/holdfast/pki/gateway.key");
});

test("$${ is written as ${, and a text that mentions a number has it as it was written", () => {
  const text = BY_HAND.replace("site: riverside", "variables: { n: 007 }\nsite: riverside").replaceAll(
    '"rpm pump-1"',
    () => '"$${n} is ${n}"',
  );
  const { field } = snapshotOfFolder({ "gateway.yaml": text });
  expect(field.buses[0]?.devices[0]?.points[2]).toMatchObject({ unit: "${n} is 007" });
});

test("an alias to what mentions a variable is written out in each place", () => {
  const text = BY_HAND.replace("site: riverside", "variables: { dead: 5 }\nsite: riverside")
    .replace("points:\n          - { name: running", "points: &both\n          - { name: running")
    .replace('unit: "rpm pump-1" }', 'unit: rpm, deadband: "${dead}" }')
    .replace(
      /unit: 2\n {8}pollMs: 500\n {8}timeoutMs: 400\n {8}points:\n(?: {10}.*\n){3}/u,
      "unit: 2\n        points: *both\n",
    );
  const { field } = snapshotOfFolder({ "gateway.yaml": text });
  expect(field.buses[0]?.devices.slice(0, 2).map(({ points }) => points[2])).toMatchObject([
    { deadband: 5 },
    { deadband: 5 },
  ]);
});

test("an alias in a further file means an anchor of that file", () => {
  const station = STATION.replace("address: 0, unit:", "address: &first 0, unit:")
    .replace("points: { csv: maps/well.csv }", "points: [{ name: a, table: coil, address: *first }]")
    .replace("  well-height: { type: number, default: 3 }\n", "");
  const unit = UNIT.replace("  well-height: 3.2\n", "");
  expect(
    snapshotOfFolder(with_({ "gateway.yaml": unit, "station.yaml": station })).field.buses[0]?.devices[2]?.points,
  ).toMatchObject([{ address: 0 }]);
});

test("files without any of it are compiled as before, byte order mark included", () => {
  expect(findingsOfFolder({ "gateway.yaml": `\ufeff${BY_HAND}` })).toEqual([]);
  expect(snapshotOfFolder({ ...FOLDER, "station.yaml": `\ufeff${STATION}` }).digest).toBe(
    snapshotOfFolder(FOLDER).digest,
  );
});
