import { expect, test } from "vitest";
import { HANG_UPS_MAX, protocolChoice } from "../../../../agent/uplink/mqtt/protocol.ts";

test("auto begins with MQTT 5 and turns at once where the broker says that it does not know it", () => {
  const choice = protocolChoice("auto");
  expect(choice.next()).toBe("5");
  expect(choice.refused("5")).toBe(true);
  expect(choice.next()).toBe("3.1.1");
  expect(choice.refused("3.1.1")).toBe(false); // no third one to try at once
  expect(choice.next()).toBe("5");
});

test("before anything has worked each hang-up tries the other version", () => {
  const choice = protocolChoice("auto");
  choice.hungUp("5");
  expect(choice.next()).toBe("3.1.1");
  choice.hungUp("3.1.1");
  expect(choice.next()).toBe("5");
});

test("what has worked outlives a broker that restarts, but not another broker that knows only the older version", () => {
  const choice = protocolChoice("auto");
  choice.worked();
  for (let hangUp = 1; hangUp < HANG_UPS_MAX; hangUp++) choice.hungUp("5");
  expect(choice.next()).toBe("5");
  choice.worked();
  for (let hangUp = 1; hangUp < HANG_UPS_MAX; hangUp++) choice.hungUp("5");
  expect(choice.next()).toBe("5");
  choice.hungUp("5");
  expect(choice.next()).toBe("3.1.1");
});

test.each(["5", "3.1.1"] as const)(
  "a configuration that names MQTT %s is kept to, whatever the broker does",
  (wanted) => {
    const choice = protocolChoice(wanted);
    expect(choice.refused(wanted)).toBe(false);
    for (let hangUp = 0; hangUp < 2 * HANG_UPS_MAX; hangUp++) choice.hungUp(wanted);
    expect(choice.next()).toBe(wanted);
  },
);
