import { afterAll, beforeAll, expect, test } from "vitest";
import { notifyTestCommand } from "../../../agent/cli/notify-test.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../simulator/datagram.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import { edited } from "../config/gateway-file.ts";
import { PASSPHRASES, serveSnmp } from "../uplink/notify/snmp-receiver.ts";
import { serveSyslog } from "../uplink/notify/tls-receivers.ts";
import { gatewayMaterial, pki, virtualTime } from "../uplink/world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
  await import("../../../agent/uplink/notify/snmp/inform.ts");
});
afterAll(() => globals[Symbol.dispose]());

const NOTIFY = [
  { name: "log", syslog: { host: "log.test", anchors: "ca.pem", certificate: "gw.pem", key: "gw.key" } },
  { name: "nms", snmp: { host: "nms.test", user: "holdfast", authenticationFile: "a", privacyFile: "p" } },
];

async function run(text: string, ...args: readonly string[]) {
  const network = memoryNetwork(clock);
  const datagrams = memoryDatagrams(clock, seededEntropy(1));
  const messages: string[] = [];
  await using _log = await serveSyslog(network, { host: "log.test", port: 6_514 }, pki.broker("log.test"), messages);
  const informs: ReadonlyMap<string, unknown>[] = [];
  using _nms = serveSnmp(datagrams, (objects) => informs.push(objects));
  let [out, err] = ["", ""];
  let code: number | undefined;
  void notifyTestCommand(
    args,
    {
      clock,
      network,
      datagrams,
      material: () => Promise.resolve({ ...gatewayMaterial, ...PASSPHRASES }),
      nonce: "test-1",
      readFile: () => Promise.resolve(text),
    },
    { out: (more) => void (out += more), err: (more) => void (err += more), isTty: false, columns: 120 },
  ).then((done) => void (code = done));
  await clock.advance(1);
  if (code === undefined) await clock.advanceUntil(() => code !== undefined, 120_000);
  return { code, out, err, messages, informs };
}

test("each receiver gets one marked event, and is said to have it", async () => {
  const { code, out, messages, informs } = await run(edited({ notify: NOTIFY }), "gateway.yaml");
  expect(code).toBe(0);
  expect(out).toContain("✓ log  syslog log.test:6514 has the test event");
  expect(out).toContain("✓ nms  snmp nms.test:162 has the test event");
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('test="true"');
  expect(informs.map((objects) => String(objects.get("1.3.6.1.6.3.1.1.4.1.0")))).toEqual(["1.3.6.1.4.1.32473.1.0.7"]);
});

test("a receiver that is not there is a failure with its next step; the others are tried all the same", async () => {
  const [, nms] = NOTIFY;
  const away = { name: "away", syslog: { host: "away.test", anchors: "ca.pem" } };
  const { code, out } = await run(edited({ notify: [away, nms] }), "gateway.yaml", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    receivers: [
      { receiver: "away", ok: false, code: "HAL_NAME_UNRESOLVED", message: expect.stringContaining("check the name") },
      { receiver: "nms", ok: true },
    ],
  });
});

test("one receiver may be tried alone, and a name that is none is a misuse", async () => {
  const text = edited({ notify: NOTIFY });
  const alone = await run(text, "gateway.yaml", "--receiver", "log");
  expect(alone).toMatchObject({ code: 0, informs: [] });
  expect(await run(text, "gateway.yaml", "--receiver", "pager")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--receiver wants one of log, nms"),
  });
  expect(await run(edited({}), "gateway.yaml")).toMatchObject({ code: 1, err: expect.stringContaining("NOTIFY_NONE") });
});
