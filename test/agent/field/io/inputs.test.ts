import { expect, test } from "vitest";
import { housingWorld, input, io } from "./housing-world.ts";

test("an input is a point: its level when it is opened, and then each level that lasts", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("door", "gpio:1"), input("pump-room", "gpio:2", { invert: true })] }));
  expect(w.turns).toMatchObject([{ source: "io", online: true }]);
  expect(w.samples.map(({ point, value, reason }) => [point, value, reason])).toEqual([
    [0, false, "ok"],
    [1, true, "ok"],
  ]);
  w.digitalIo.drive("gpio:1", true);
  await w.clock.advance(49);
  expect(w.samples).toHaveLength(2);
  await w.clock.advance(1);
  expect(w.samples.at(-1)).toMatchObject({ point: 0, value: true });
});

test("a contact that bounces is one change, and a spike is none", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("door", "gpio:1")] }));
  for (let i = 0; i < 7; i++) {
    w.digitalIo.drive("gpio:1", i % 2 === 0);
    await w.clock.advance(10);
  }
  await w.clock.advance(1_000);
  expect(w.samples.map(({ value }) => value)).toEqual([false, true]);
  w.digitalIo.drive("gpio:1", false);
  await w.clock.advance(30);
  w.digitalIo.drive("gpio:1", true);
  await w.clock.advance(1_000);
  expect(w.samples).toHaveLength(2);
});

test("a line that is torn off has no value, and is taken up again once it is back", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("door", "gpio:1")] }));
  w.digitalIo.fail("gpio:1");
  expect(w.samples.at(-1)).toMatchObject({ value: null, reason: "line-failed" });
  expect(w.housing.status()?.inputs).toMatchObject([
    { name: "door", value: null, lastFault: { code: "HAL_LINE_FAILED" } },
  ]);
  await w.clock.advance(60_000);
  expect(w.samples.filter(({ reason }) => reason === "line-failed")).toHaveLength(1);
  w.digitalIo.restore("gpio:1");
  await w.clock.advance(5_000);
  expect(w.samples.at(-1)).toMatchObject({ value: false, reason: "ok" });
  expect(w.housing.status()?.inputs[0]?.value).toBe(false);
});

test("a line that does not exist is told with its code and keeps nothing else waiting", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("ghost", "gpio:77"), input("door", "gpio:1")] }));
  expect(w.housing.status()?.inputs).toMatchObject([
    { name: "ghost", value: null, lastFault: { code: "HAL_LINE_UNKNOWN" } },
    { name: "door", value: false },
  ]);
  expect(w.samples.map(({ point, reason }) => [point, reason])).toContainEqual([0, "line-failed"]);
});

test("the housing and the service port raise alarms of their own, and take them back", async () => {
  await using w = housingWorld();
  const inputs = [
    input("lid", "gpio:1", { role: "tamper" }),
    input("port", "carrier:eth1", { role: "service-port" }),
    input("door", "gpio:2"),
  ];
  await w.configure(io({ inputs }));
  expect(w.raised).toEqual([
    ["tamper", "io/lid", false],
    ["service-port", "io/port", false],
  ]);
  w.digitalIo.drive("gpio:1", true);
  w.digitalIo.drive("carrier:eth1", true);
  w.digitalIo.drive("gpio:2", true);
  await w.clock.advance(50);
  expect(w.raised.slice(2)).toEqual([
    ["tamper", "io/lid", true],
    ["service-port", "io/port", true],
  ]);
  expect(w.evidence.at(-2)).toBe("lid (gpio:1) says that the housing is open");
  w.digitalIo.drive("gpio:1", false);
  await w.clock.advance(50);
  expect(w.raised.at(-1)).toEqual(["tamper", "io/lid", false]);
});

test("a tamper line that cannot be read is an alarm, as one that was cut", async () => {
  await using w = housingWorld();
  const lid = input("lid", "gpio:1", { role: "tamper" });
  await w.configure(io({ inputs: [lid, input("port", "carrier:eth1", { role: "service-port" })] }));
  w.digitalIo.fail("gpio:1");
  expect(w.raised.at(-1)).toEqual(["tamper", "io/lid", true]);
  w.digitalIo.fail("carrier:eth1");
  expect(w.raised.at(-1)).toEqual(["service-port", "io/port", false]);
  // with other settings it stays what it is; without it there is nothing to raise an alarm
  await w.configure(io({ inputs: [{ ...lid, debounceMs: 10 }] }));
  expect(w.raised.filter(([, key, active]) => key === "io/lid" && !active)).toHaveLength(1);
  await w.configure(undefined);
  expect(w.raised.at(-1)).toEqual(["tamper", "io/lid", false]);
  expect(w.housing.sources).toEqual([]);
});

test("somebody is present while the button is held", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("button", "key:button/148", { role: "presence" })] }));
  expect(w.housing.present).toBe(false);
  w.digitalIo.drive("key:button/148", true);
  await w.clock.advance(50);
  expect(w.housing.present).toBe(true);
  w.digitalIo.fail("key:button/148");
  expect(w.housing.present).toBe(false);
});

test("a source whose inputs keep their names stays the same", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("door", "gpio:1")] }));
  const [before] = w.housing.sources;
  await w.configure(io({ inputs: [input("door", "gpio:2")] }));
  expect(w.housing.sources[0]).toBe(before);
  w.digitalIo.drive("gpio:1", true);
  await w.clock.advance(1_000);
  expect(before?.points[0]?.value).toBe(false);
  w.digitalIo.drive("gpio:2", true);
  await w.clock.advance(1_000);
  expect(before?.points[0]?.value).toBe(true);
  await w.configure(io({ inputs: [input("gate", "gpio:2")] }));
  expect(w.housing.sources[0]).not.toBe(before);
});

test("a driver that hangs is no level: the input is unreadable, a tamper line raises its alarm, and it goes on afterwards", async () => {
  await using w = housingWorld();
  w.digitalIo.hang("gpio:1");
  await w.configure(io({ inputs: [input("lid", "gpio:1", { role: "tamper" })] }));
  await w.clock.advance(4_900);
  expect(w.raised).toEqual([]);
  await w.clock.advance(100);
  expect(w.raised).toEqual([["tamper", "io/lid", true]]);
  expect(w.samples.at(-1)).toMatchObject({ value: null, reason: "line-failed" });
  expect(w.housing.status()?.inputs).toMatchObject([
    { value: null, lastFault: { code: "HAL_LINE_FAILED", message: "lid: gpio:1 has not answered for 5 s" } },
  ]);
  w.digitalIo.restore("gpio:1");
  await w.clock.advance(1);
  expect(w.housing.status()?.inputs).toMatchObject([{ value: false }]);
  expect(w.raised.at(-1)).toEqual(["tamper", "io/lid", false]);
});

test("a driver that hangs while it is opened holds up no other configuration, and what it opens late is closed", async () => {
  await using w = housingWorld();
  w.digitalIo.hang("gpio:1");
  await w.configure(io({ inputs: [input("door", "gpio:1")] }));
  const next = w.apply(io({ inputs: [input("door", "gpio:2")] }));
  await w.clock.advance(1_100);
  await next;
  w.digitalIo.restore("gpio:1");
  w.digitalIo.drive("gpio:1", true);
  await w.clock.advance(10_000);
  expect(w.housing.status()?.inputs).toMatchObject([{ name: "door", value: false }]);
  expect([w.digitalIo.readersOf("gpio:1"), w.digitalIo.readersOf("gpio:2")]).toEqual([0, 1]);
});

test("a level that has not settled when its line fails is never told", async () => {
  await using w = housingWorld();
  await w.configure(io({ inputs: [input("door", "gpio:1")] }));
  w.digitalIo.drive("gpio:1", true);
  await w.clock.advance(10);
  w.digitalIo.fail("gpio:1");
  await w.clock.advance(1_000);
  expect(w.samples.at(-1)).toMatchObject({ value: null, reason: "line-failed" });
});
