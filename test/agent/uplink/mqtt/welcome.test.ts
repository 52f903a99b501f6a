import { expect, test } from "vitest";
import { refusalOf } from "../../../../agent/uplink/mqtt/welcome.ts";

test("a broker that repeats the password it was told does not bring it into a log", () => {
  const connack = {
    cmd: "connack",
    sessionPresent: false,
    properties: { reasonString: "no user with hunter2" },
  } as const;
  const { code, message } = refusalOf(0x86, connack, new Error("Bad User Name or Password"), "hunter2");
  expect(code).toBe("UPLINK_PASSWORD_REFUSED");
  expect(message).toContain('"no user with ***"');
});
