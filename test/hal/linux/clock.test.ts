import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { linuxClock } from "../../../hal/linux/clock.ts";

let folder: string;
let synchronizedPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clock-"));
  synchronizedPath = join(folder, "synchronized");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test("a wall clock before the latest instant known to be past is untrusted, whoever vouches for it", async () => {
  await writeFile(synchronizedPath, "");
  const clock = linuxClock({ notBeforeUnixMs: Date.now() + 3_600_000, synchronizedPath });
  expect(clock.wall().trust).toBe("untrusted");
});

test("without a time source the wall clock is bounded", () => {
  expect(linuxClock({ notBeforeUnixMs: 0, synchronizedPath }).wall().trust).toBe("bounded");
});

test("the wall clock becomes trusted once the time source says so, and it is asked at most once a minute", async () => {
  const clock = linuxClock({ notBeforeUnixMs: 0, synchronizedPath });
  const now = vi.spyOn(performance, "now");
  now.mockReturnValue(1_000);
  expect(clock.wall().trust).toBe("bounded");
  await writeFile(synchronizedPath, "");
  now.mockReturnValue(60_999);
  expect(clock.wall().trust).toBe("bounded");
  now.mockReturnValue(61_000);
  expect(clock.wall().trust).toBe("trusted");
});

test("a delay that Node cannot count costs no processor time while it lasts", async () => {
  const set = vi.spyOn(globalThis, "setTimeout");
  using _month = linuxClock().after(2 ** 32, () => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(set.mock.calls.length).toBe(2);
});

test("the default floor is a date that has passed", () => {
  expect(linuxClock({ synchronizedPath }).wall().trust).toBe("bounded");
});
