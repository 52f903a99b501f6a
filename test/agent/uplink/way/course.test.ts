import { expect, test } from "vitest";
import { FIRST_COURSE, nextCourse } from "../../../../agent/uplink/way/course.ts";
import type { Course, Outcome } from "../../../../agent/uplink/way/course.ts";
import { waysOf } from "../../../../agent/uplink/way/way.ts";
import { anyBroker } from "../any-broker.ts";

const first = { ...anyBroker, host: "first" };
const second = { ...anyBroker, host: "second", transport: "websocket", path: "/mqtt" } as const;
/** first over eth0, first over wwan0, second over eth0, second over wwan0 */
const ways = waysOf({ brokers: [first, second], interfaceNames: ["eth0", "wwan0"] });

test("a broker is tried over every interface before the next broker is", () => {
  expect(ways.map(({ key }) => key)).toEqual([
    "mqtts://first:8883 eth0",
    "mqtts://first:8883 wwan0",
    "wss://second:8883/mqtt eth0",
    "wss://second:8883/mqtt wwan0",
  ]);
  expect(waysOf({ brokers: [{ ...first, host: "fe80::1" }], interfaceNames: [] })).toMatchObject([
    { key: "mqtts://[fe80::1]:8883", interfaceName: undefined },
  ]);
});

const at = (way: number, back?: number): Course => ({ way, pause: false, ...(back === undefined ? {} : { back }) });
const failed = { kind: "failed" } as const;
const CASES: readonly [string, Course, Outcome, Course][] = [
  ["a way that fails is followed by the next at once", FIRST_COURSE, failed, at(1)],
  ["after the last of a round there is a pause", at(3), failed, { way: 0, pause: true }],
  ["whom a broker refuses does not try it over another interface", at(0), { kind: "unwelcome" }, at(2)],
  [
    "a primary host that goes is looked for at the next broker, in turn",
    at(1),
    { kind: "host-gone" },
    { ...at(2), turn: true },
  ],
  ["one that goes from the last broker, after a pause", at(3), { kind: "host-gone" }, { way: 0, pause: true }],
  ["one that goes from a better way, where it was before", at(1, 3), { kind: "host-gone" }, { ...at(3), turn: true }],
  ["refused by the last broker, a round is over", at(2), { kind: "unwelcome" }, { way: 0, pause: true }],
  ["a connection that held is followed by a pause and the best way", at(2), { kind: "lost" }, { way: 0, pause: true }],
  ["an interface that went down is left without a pause", at(0), { kind: "cut-off" }, at(0)],
  ["a better way is taken at once", at(3), { kind: "better", way: 1 }, at(1, 3)],
  ["a better way that fails leads straight back", at(1, 3), failed, at(3)],
  ["a better way that refuses leads straight back", at(1, 3), { kind: "unwelcome" }, at(3)],
  ["a better way that held and was lost is no detour", at(1, 3), { kind: "lost" }, { way: 0, pause: true }],
  ["the same way with a better handshake has nowhere to go back to", at(1, 1), failed, at(2)],
];

test.each(CASES)("%s", (_name, course, outcome, next) => {
  expect(nextCourse(ways, course, outcome)).toEqual(next);
});

test("from any course a world in which everything fails sees every way once between two pauses", () => {
  let course: Course = FIRST_COURSE;
  const rounds: number[][] = [[]];
  for (let i = 0; i < 12; i++) {
    if (course.pause) rounds.push([]);
    rounds.at(-1)?.push(course.way);
    course = nextCourse(ways, course, failed);
  }
  expect(rounds).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [0, 1, 2, 3],
  ]);
});
