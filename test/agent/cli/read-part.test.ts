import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskParts } from "../../../agent/cli/read-part.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";

test("files in the folder of the first one are read, links between them included", async () => {
  await using folder = await tempFolder();
  await mkdir(join(folder.path, "config", "..data"), { recursive: true });
  await writeFile(join(folder.path, "config", "..data", "station.yaml"), "site: a\n");
  // as orchestrators mount a configuration: links within the folder
  await symlink("..data/station.yaml", join(folder.path, "config", "station.yaml"));
  await symlink(join(folder.path, "config"), join(folder.path, "link"));
  const read = diskParts(join(folder.path, "link", "gateway.yaml"));
  expect(read(join(folder.path, "link", "station.yaml"))).toBe("site: a\n");
});

test("links that lead out of the folder, folders and files that are not there are refused with a reason", async () => {
  await using folder = await tempFolder();
  const inner = join(folder.path, "config");
  await mkdir(join(inner, "sub"), { recursive: true });
  await writeFile(join(folder.path, "secret.yaml"), "key: 1\n");
  await symlink("../secret.yaml", join(inner, "station.yaml"));
  const read = diskParts(join(inner, "gateway.yaml"));
  expect(() => read(join(inner, "station.yaml"))).toThrow(/outside of the folder/u);
  expect(() => read(join(inner, "sub"))).toThrow(/no plain file/u);
  expect(() => read(join(inner, "nowhere.yaml"))).toThrow(/ENOENT/u);
});

test("a device file or a pipe in the folder holds nobody up", async () => {
  await using folder = await tempFolder();
  await symlink("/dev/zero", join(folder.path, "zero.csv"));
  expect(() => diskParts(join(folder.path, "gateway.yaml"))(join(folder.path, "zero.csv"))).toThrow(
    /outside of the folder/u,
  );
  expect(() => diskParts("/dev/gateway.yaml")("/dev/zero")).toThrow(/no plain file/u);
});
