import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { really } from "../hal/real-time.ts";
import { startNotifying } from "./peers/notifying.ts";
import { startSnmptrapd } from "./peers/snmptrapd.ts";
import type { SnmpUser } from "./peers/snmptrapd.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const PATIENCE_MS = 90_000;
const USER: SnmpUser = {
  name: "holdfast",
  authentication: "SHA-256",
  authenticationPassphrase: "known to two alone",
  privacy: "AES",
  privacyPassphrase: "another known to two",
};
const sequences = (lines: readonly string[]): readonly number[] =>
  lines.map((line) => Number(/hfSequence\.0 = (\d+)/.exec(line)?.[1]));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function stand(
  user: Partial<SnmpUser> = {},
  ours: { name?: string; authentication?: string; privacy?: string } = {},
) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder()).path;
  const theirs = { ...USER, ...user };
  const trapd = stack.use(await startSnmptrapd(folder, theirs));
  const [authenticationPath, privacyPath] = [join(folder, "authentication"), join(folder, "privacy")];
  await writeFile(authenticationPath, `${ours.authentication ?? USER.authenticationPassphrase}\n`, { mode: 0o600 });
  await writeFile(privacyPath, `${ours.privacy ?? USER.privacyPassphrase}\n`, { mode: 0o600 });
  const receiver = {
    kind: "snmp",
    host: "127.0.0.1",
    port: trapd.port,
    user: ours.name ?? USER.name,
    authentication: theirs.authentication === "SHA-512" ? "sha512" : "sha256",
    privacy: theirs.privacy === "AES-256" ? "aes256" : "aes128",
    authenticationPath,
    privacyPath,
  } as const;
  return { trapd, receiver, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

requires("snmptrapd")("snmptrapd", () => {
  test.each([
    ["SHA-256", "AES"],
    ["SHA-512", "AES-256"],
  ] as const)(
    "has every event in order, with %s and %s, and reads it with our MIB",
    { timeout: PATIENCE_MS },
    async (authentication, privacy) => {
      await using at = await stand({ authentication, privacy });
      await using notifying = await startNotifying(at.receiver);
      notifying.send(range(0, 3));
      notifying.send([300], {
        to: "acknowledged",
        from: "raised",
        by: "operator-7",
        text: { en: "Füllstand" },
        lost: 4,
      });
      await notifying.settled();
      await really(() => at.trapd.lines().length >= 4);
      expect(sequences(at.trapd.lines())).toEqual([0, 1, 2, 300]);
      const [first = "", , , last = ""] = at.trapd.lines();
      for (const said of [
        "hfAlarmRaised",
        "hfAlarmName.0 = well-high",
        "hfAlarmPriority.0 = high",
        "hfSite.0 = riverside",
      ])
        expect(first).toContain(said);
      for (const said of [
        "hfAlarmAcknowledged",
        "hfAlarmBy.0 = operator-7",
        "hfAlarmText.0 = Füllstand",
        "hfLostBefore.0 = 297",
      ])
        expect(last).toContain(said);
      expect(notifying.status()).toMatchObject({ delivered: 4, lost: 297 });
    },
  );

  test(
    "that is killed and comes back has everything, in order; its engine's time begins anew",
    { timeout: PATIENCE_MS },
    async () => {
      await using at = await stand();
      await using notifying = await startNotifying(at.receiver);
      notifying.send([0, 1]);
      await notifying.settled();
      await at.trapd.stop("SIGKILL");
      notifying.send([2, 3]);
      const { lastFault } = await notifying.until(({ state }) => state === "retrying");
      expect(lastFault).toMatchObject({ code: expect.stringMatching(/^(HAL_CONNECT_REFUSED|NOTIFY_TIMEOUT)$/) });
      await at.trapd.start();
      await notifying.settled();
      await really(() => sequences(at.trapd.lines()).includes(3));
      expect([...new Set(sequences(at.trapd.lines()))]).toEqual([0, 1, 2, 3]);
    },
  );

  test.each([
    ["another user", { name: "nobody" }, "NOTIFY_SNMP_USER", /create this user at the receiver/],
    [
      "another authentication passphrase",
      { authentication: "a wrong one here" },
      "NOTIFY_SNMP_AUTHENTICATION",
      /compare authenticationFile/,
    ],
    ["another privacy passphrase", { privacy: "a wrong one here" }, "NOTIFY_SNMP_PRIVACY", /compare privacyFile/],
    [
      "a passphrase that is too short",
      { privacy: "short" },
      "NOTIFY_MATERIAL_FAILED",
      /privacyFile has 5 characters, at least 8/,
    ],
  ] as const)(
    "with %s has nothing, and the fault says what to compare",
    { timeout: PATIENCE_MS },
    async (_what, ours, code, step) => {
      await using at = await stand({}, ours);
      await using notifying = await startNotifying(at.receiver);
      notifying.send([0]);
      const { lastFault } = await notifying.until(({ state }) => state === "retrying");
      expect(lastFault?.message).not.toContain("wrong one");
      expect(lastFault?.message).not.toContain(USER.privacyPassphrase);
      expect(lastFault).toMatchObject({ code, message: expect.stringMatching(step) });
      expect(at.trapd.lines()).toEqual([]);
    },
  );
});
