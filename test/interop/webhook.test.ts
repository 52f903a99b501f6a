import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Check } from "typebox/schema";
import { expect, test } from "vitest";
import { AlarmWebhook } from "../../agent/contract/alarm-webhook.ts";
import { startNotifying } from "./peers/notifying.ts";
import { sitePki } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { startWebHook } from "./peers/web-hook.ts";
import type { Posted } from "./peers/web-hook.ts";
import { requires } from "./requires.ts";

const HOST = "127.0.0.1";
const PATIENCE_MS = 60_000;
const TOKEN = "a-token-of-the-works";
const bodies = (posted: readonly Posted[]): readonly AlarmWebhook[] =>
  posted.map(({ body }) => JSON.parse(body) as AlarmWebhook);

async function stand() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder()).path;
  const site = await sitePki(folder);
  const hook = stack.use(await startWebHook(folder, await site.broker(HOST)));
  const tokenPath = join(folder, "token");
  await writeFile(tokenPath, `${TOKEN}\n`, { mode: 0o600 });
  const receiver = (over: { anchorsPath?: string; serverName?: string } = {}) =>
    ({
      kind: "webhook",
      host: HOST,
      port: hook.port,
      path: "/alarms/riverside",
      serverName: HOST,
      anchorsPath: site.anchorsPath,
      tokenPath,
      ...over,
    }) as const;
  return { folder, hook, receiver, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

requires("nginx")("a web server behind nginx", () => {
  test("has every event in order, as the contract has it, from a bearer", { timeout: PATIENCE_MS }, async () => {
    await using at = await stand();
    await using notifying = await startNotifying(at.receiver());
    notifying.send([0, 1, 2]);
    await notifying.settled();
    expect(bodies(at.hook.posted).map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    for (const { body, headers, path } of at.hook.posted) {
      expect(Check(AlarmWebhook, JSON.parse(body))).toBe(true);
      expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, "content-type": "application/json" });
      expect(path).toBe("/alarms/riverside");
    }
    expect(bodies(at.hook.posted)[0]).toMatchObject({
      alarm: "well-high",
      to: "raised",
      time: "2026-01-01T00:00:00.000Z",
      lostBefore: 0,
      test: false,
    });
  });

  test("that is killed and comes back has everything, in order", { timeout: PATIENCE_MS }, async () => {
    await using at = await stand();
    await using notifying = await startNotifying(at.receiver());
    await at.hook.stop();
    notifying.send([0, 1]);
    expect((await notifying.until(({ state }) => state === "retrying")).lastFault).toMatchObject({
      code: "HAL_CONNECT_REFUSED",
    });
    await at.hook.start();
    await notifying.settled();
    expect(bodies(at.hook.posted).map(({ sequence }) => sequence)).toEqual([0, 1]);
  });

  test.each([
    [500, {}, "NOTIFY_HTTP_UNAVAILABLE", /it answered 500/],
    [401, {}, "NOTIFY_HTTP_UNAUTHORISED", /check tokenFile/],
    [302, { Location: "http://192.0.2.1/" }, "NOTIFY_HTTP_REDIRECT", /never followed/],
  ] as const)(
    "that answers %i is asked again, later",
    { timeout: PATIENCE_MS },
    async (status, headers, code, step) => {
      await using at = await stand();
      await using notifying = await startNotifying(at.receiver());
      at.hook.answer = { status, headers };
      notifying.send([0]);
      const { lastFault } = await notifying.until(({ state }) => state === "retrying");
      expect(lastFault).toMatchObject({ code, message: expect.stringMatching(step) });
      expect(lastFault?.message).not.toContain(TOKEN);
      at.hook.answer = { status: 200 };
      await notifying.settled();
      expect(bodies(at.hook.posted).at(-1)).toMatchObject({ sequence: 0 });
    },
  );

  test(
    "with a certificate of another authority is told nothing, not even the token",
    { timeout: PATIENCE_MS },
    async () => {
      await using at = await stand();
      const strangers = await sitePki(at.folder, "strangers");
      await using notifying = await startNotifying(at.receiver({ anchorsPath: strangers.anchorsPath }));
      notifying.send([0]);
      const { lastFault } = await notifying.until(({ state }) => state === "retrying");
      expect(lastFault).toMatchObject({ code: "NOTIFY_UNTRUSTED" });
      expect(at.hook.posted).toEqual([]);
    },
  );
});
