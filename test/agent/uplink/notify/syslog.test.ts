import { expect, test } from "vitest";
import { isoTime } from "../../../../agent/uplink/notify/iso-time.ts";
import { retryAfterMs } from "../../../../agent/uplink/notify/webhook/retry-after.ts";
import { MESSAGE_BYTES_MAX, syslogFrame, syslogMessage } from "../../../../agent/uplink/notify/syslog/message.ts";
import { alarmEvent, ORIGIN } from "./alarm-event.ts";
import { frames } from "./tls-receivers.ts";

const message = (...over: Parameters<typeof alarmEvent>) =>
  syslogMessage({ event: alarmEvent(...over), lostBefore: 0, test: false }, ORIGIN, { facility: 16 }, "en");

test("a message is as RFC 5424 has it: header, structured data, and text behind a byte order mark", () => {
  expect(message(7)).toBe(
    "<131>1 2026-01-01T00:00:00.000Z gw-1 holdfast - raised " +
      '[holdfast@32473 site="riverside" device="gw-1" alarm="well-high" priority="high" from="normal" to="raised" ' +
      'bootId="boot-1" sequence="7" lostBefore="0" evidence="well/level is 2.6, limit 2.5"]' +
      '[timeQuality tzKnown="1" isSynced="1"] ' +
      "\ufeffWell level high: raised (well/level is 2.6, limit 2.5)",
  );
});

test("severity follows priority, and the clock is vouched for only where it is trusted", () => {
  const priorities = (["critical", "high", "medium", "low"] as const).map((priority) => message(0, { priority }));
  expect(priorities.map((text) => /^<(\d+)>/.exec(text)?.[1])).toEqual(["130", "131", "132", "133"]);
  expect(message(0, { trust: "bounded" })).toContain('isSynced="0"');
});

test("no text of the plant breaks out of its place", () => {
  const text = message(0, { evidence: '"] <13>1 - \\ \n\u202e\ud800', text: { en: "a\u0007b" } });
  expect(text).toContain('evidence="\\"\\] <13>1 - \\\\ \ufffd\ufffd\ufffd"');
  expect(text.split("\n")).toHaveLength(1);
  expect(text).toContain("a\ufffdb: raised");
});

test("frames are counted in octets, one after the other, and none is longer than a receiver must take", () => {
  const long = "ü".repeat(MESSAGE_BYTES_MAX);
  const bytes = Buffer.concat([syslogFrame("grüße"), syslogFrame(long), syslogFrame("end")]);
  expect(frames(bytes)).toEqual(["grüße", "ü".repeat(MESSAGE_BYTES_MAX / 2), "end"]);
  expect(syslogFrame(`a${long}`).toString("utf8")).not.toContain("\ufffd");
});

test("what was lost before and what is a trial is said in the text", () => {
  const delivery = { event: alarmEvent(9), lostBefore: 3, test: true };
  expect(syslogMessage(delivery, ORIGIN, { facility: 1 }, "en")).toMatch(
    /test="true".*TEST: Well level high: raised .* \[3 events lost before this one\]$/,
  );
  expect(syslogMessage(delivery, ORIGIN, { facility: 1 }, "de")).toMatch(/\[3 Ereignisse davor verloren\]$/);
});

test("times agree with the platform's own, and none is beyond four digits of a year", () => {
  let state = 1;
  for (let i = 0; i < 2_000; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const unixMs = state * 117_999 + i;
    expect(isoTime(unixMs)).toBe(new Date(unixMs).toISOString());
  }
  expect(isoTime(951_782_400_000)).toBe("2000-02-29T00:00:00.000Z");
  expect(isoTime(-5)).toBe("1970-01-01T00:00:00.000Z");
  expect(isoTime(1e300)).toBe("9999-12-31T23:59:59.999Z");
});

test("a pause is asked for in seconds, or not at all", () => {
  expect(retryAfterMs("120")).toBe(120_000);
  for (const odd of [undefined, "", "-1", "soon", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
    expect(retryAfterMs(odd)).toBeUndefined();
  }
});
