import { expect, test } from "vitest";
import { startNotifying } from "./peers/notifying.ts";
import { sitePki } from "./peers/pki.ts";
import { startRsyslog } from "./peers/rsyslog.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const HOST = "127.0.0.1";
const PATIENCE_MS = 60_000;
const sequences = (lines: readonly string[]): readonly number[] =>
  lines.map((line) => Number(/ sequence="(\d+)"/.exec(line)?.[1]));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function stand(serverName = HOST) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await tempFolder()).path;
  const site = await sitePki(folder);
  const rsyslog = stack.use(await startRsyslog(folder, await site.broker(HOST)));
  const { certificatePath, keyPath } = await site.client("gw-1");
  const anonymous = (anchorsPath = site.anchorsPath) =>
    ({ kind: "syslog", host: HOST, port: rsyslog.port, serverName, facility: 16, anchorsPath }) as const;
  const receiver = (anchorsPath?: string) => ({ ...anonymous(anchorsPath), certificatePath, keyPath });
  return { folder, rsyslog, receiver, anonymous, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

requires("rsyslog")("rsyslogd", () => {
  test(
    "has every event in order, with its severity, its structured data and its text",
    { timeout: PATIENCE_MS },
    async () => {
      await using at = await stand();
      await using notifying = await startNotifying(at.receiver(), { language: "de" });
      notifying.send(range(0, 3));
      notifying.send([3], {
        priority: "critical",
        to: "returned",
        from: "raised",
        evidence: 'a "quoted\\]" ü\n value',
      });
      await notifying.settled();
      const lines = await linesOf(at.rsyslog, 4);
      expect(sequences(lines)).toEqual([0, 1, 2, 3]);
      expect(lines[0]).toContain(
        'err|gw-1|holdfast|raised|[holdfast@32473 site="riverside" device="gw-1" alarm="well-high"',
      );
      expect(lines[0]).toContain('[timeQuality tzKnown="1" isSynced="1"]');
      expect(lines[0]).toContain("Brunnenstand hoch: ausgelöst (well/level is 2.6, limit 2.5)");
      expect(lines[3]).toContain("crit|gw-1|holdfast|returned|");
      expect(lines[3]).toContain('evidence="a \\"quoted\\\\\\]\\" ü\ufffd value"');
    },
  );

  test("that is killed in a flood has everything once it is back, in order", { timeout: PATIENCE_MS }, async () => {
    await using at = await stand();
    await using notifying = await startNotifying(at.receiver());
    notifying.send(range(0, 40));
    await notifying.until(({ delivered }) => delivered > 0);
    await at.rsyslog.stop("SIGKILL");
    notifying.send(range(40, 80));
    await notifying.until(({ state }) => state === "retrying");
    await at.rsyslog.start();
    await notifying.settled();
    const seen = sequences(await linesOf(at.rsyslog, 80));
    expect([...new Set(seen)].toSorted((a, b) => a - b)).toEqual(range(0, 80));
    // a batch may come twice, and never out of its order
    expect([...new Set(seen)]).toEqual(range(0, 80));
    expect(notifying.status()).toMatchObject({ lost: 0 });
  });

  test("that takes bytes and does nothing with them has not got them", { timeout: PATIENCE_MS }, async () => {
    await using at = await stand();
    await using notifying = await startNotifying(at.receiver());
    notifying.send([0]);
    await notifying.settled();
    at.rsyslog.freeze();
    notifying.send([1]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(notifying.status()).toMatchObject({ delivered: 1, waiting: 1 });
    at.rsyslog.thaw();
    await notifying.settled();
    expect(sequences(await linesOf(at.rsyslog, 2))).toEqual([0, 1]);
  });

  test(
    "takes events from whom it knows alone; without a certificate the fault says what it may want",
    { timeout: PATIENCE_MS },
    async () => {
      await using at = await stand();
      await using stranger = await startNotifying(at.anonymous());
      stranger.send([0]);
      const { lastFault } = await stranger.until(({ state }) => state === "retrying");
      expect(lastFault?.message).toMatch(/ask for a `certificate`/);
      await using notifying = await startNotifying(at.receiver());
      notifying.send([1]);
      await notifying.settled();
      expect(sequences(await linesOf(at.rsyslog, 1))).toEqual([1]);
    },
  );

  test.each([
    ["of another authority", "NOTIFY_UNTRUSTED", /check `anchors`/, HOST, true],
    ["with another name", "NOTIFY_WRONG_NAME", /check `serverName`/, "log.example.org", false],
  ] as const)(
    "with a certificate %s is told nothing",
    { timeout: PATIENCE_MS },
    async (_what, code, step, name, other) => {
      await using at = await stand(name);
      const strangers = await sitePki(at.folder, "strangers");
      await using notifying = await startNotifying(at.receiver(other ? strangers.anchorsPath : undefined));
      notifying.send([0]);
      const { lastFault } = await notifying.until(({ state }) => state === "retrying");
      expect(lastFault).toMatchObject({ code, message: expect.stringMatching(step) });
      expect(await at.rsyslog.lines()).toEqual([]);
    },
  );
});

async function linesOf(rsyslog: { lines(): Promise<readonly string[]> }, count: number): Promise<readonly string[]> {
  for (let tries = 0; tries < 100; tries++) {
    const lines = await rsyslog.lines();
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return rsyslog.lines();
}
