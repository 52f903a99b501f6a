import { expect, test } from "vitest";
import { linuxWayFinder } from "../../../hal/linux/route.ts";

const finder = linuxWayFinder();

test("the way to this machine leads over its loopback", async () => {
  const local = { localAddress: "127.0.0.1", interfaceName: "lo" };
  expect(await finder.routeTo("127.0.0.1", undefined)).toEqual(local);
  expect(await finder.routeTo("127.0.0.1", "lo")).toEqual(local);
  expect(await finder.lookup("localhost")).toContain("127.0.0.1");
});

test("no way, no interface and no name are each refused by their code", async () => {
  // broadcast, which nobody may send who has not asked for it
  await expect(finder.routeTo("255.255.255.255", undefined)).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
  // the loopback's address is no source for anywhere else
  await expect(finder.routeTo("198.51.100.1", "lo")).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  await expect(finder.routeTo("127.0.0.1", "none0")).rejects.toMatchObject({ code: "HAL_INTERFACE_UNKNOWN" });
  await expect(finder.lookup("nowhere.invalid")).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
});
