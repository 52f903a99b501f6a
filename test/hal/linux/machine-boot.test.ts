import { expect, test } from "vitest";
import { linuxMachineBoot } from "../../../hal/linux/machine-boot.ts";

const GIVEN = "0123456789abcdef0123456789abcdef";

test("the kernel names its start, the same every time", async () => {
  const id = await linuxMachineBoot(undefined).id();
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(await linuxMachineBoot(undefined).id()).toBe(id);
});

test("a service manager's word is the same name with or without dashes, and goes before a file that may be hidden", async () => {
  const dashed = "01234567-89ab-cdef-0123-456789abcdef";
  expect(await linuxMachineBoot(GIVEN, "/nowhere").id()).toBe(GIVEN);
  expect(await linuxMachineBoot(dashed, "/nowhere").id()).toBe(GIVEN);
});

test("where nobody can tell, nobody does", async () => {
  expect(await linuxMachineBoot(undefined, "/nowhere").id()).toBeUndefined();
  expect(await linuxMachineBoot("%b", "/nowhere").id()).toBeUndefined();
});
