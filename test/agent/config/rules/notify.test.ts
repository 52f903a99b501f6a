import { expect, test } from "vitest";
import { compile, edited, onlyFinding, refusals } from "../gateway-file.ts";

const SYSLOG = { host: "log.example.org", anchors: "pki/log-ca.pem" };
const SNMP = { host: "192.0.2.7", user: "holdfast", authenticationFile: "auth", privacyFile: "priv" };
const WEBHOOK = { url: "https://alarms.example.org/v1/site", anchors: "pki/ca.pem" };
const sinks = (...list: readonly object[]) => edited({ notify: list });
const webhook = (over: object) => sinks({ name: "tickets", webhook: { ...WEBHOOK, ...over } });
const syslog = (over: object) => sinks({ name: "log", syslog: { ...SYSLOG, ...over } });
const snmp = (over: object) => sinks({ name: "nms", snmp: { ...SNMP, ...over } });

test("each kind of receiver is built with its defaults, and files beside the configuration", () => {
  const compiled = compile(
    sinks(
      { name: "log", syslog: SYSLOG },
      { name: "nms", priority: "high", language: "de", snmp: SNMP },
      { name: "tickets", queueMax: 50, webhook: { ...WEBHOOK, tokenFile: "/run/token" } },
    ),
  );
  expect("snapshot" in compiled && compiled.snapshot.uplink.notify).toEqual([
    {
      name: "log",
      priority: "low",
      language: "en",
      queueMax: 200,
      receiver: {
        kind: "syslog",
        host: "log.example.org",
        port: 6514,
        serverName: "log.example.org",
        facility: 16,
        anchorsPath: "/etc/holdfast/pki/log-ca.pem",
      },
    },
    {
      name: "nms",
      priority: "high",
      language: "de",
      queueMax: 200,
      receiver: {
        kind: "snmp",
        host: "192.0.2.7",
        port: 162,
        user: "holdfast",
        authentication: "sha256",
        privacy: "aes128",
        authenticationPath: "/etc/holdfast/auth",
        privacyPath: "/etc/holdfast/priv",
      },
    },
    {
      name: "tickets",
      priority: "low",
      language: "en",
      queueMax: 50,
      receiver: {
        kind: "webhook",
        host: "alarms.example.org",
        port: 443,
        path: "/v1/site",
        serverName: "alarms.example.org",
        anchorsPath: "/etc/holdfast/pki/ca.pem",
        tokenPath: "/run/token",
      },
    },
  ]);
});

test("a receiver is exactly one kind, under a name of its own", () => {
  expect(onlyFinding(sinks({ name: "log" }))).toMatchObject({ code: "CONFIG_RECEIVER", path: "notify[0]" });
  expect(onlyFinding(sinks({ name: "both", syslog: SYSLOG, snmp: SNMP }))).toMatchObject({
    code: "CONFIG_RECEIVER",
    message: "this receiver is syslog and snmp at once",
  });
  expect(refusals(sinks({ name: "log", syslog: SYSLOG }, { name: "LOG", syslog: SYSLOG }))).toEqual([
    "CONFIG_NAME_DUPLICATE notify[1].name",
  ]);
});

test("more receivers than a gateway feeds are refused", () => {
  const nine = Array.from({ length: 9 }, (_, i) => ({ name: `log-${i}`, syslog: SYSLOG }));
  expect(refusals(sinks(...nine))).toEqual(["CONFIG_LENGTH notify"]);
});

test.each([
  ["http://alarms.example.org/", "there is no plain HTTP here"],
  ["https://alarms.example.org/?token=x", "a token goes in `tokenFile`"],
  ["https://user:secret@alarms.example.org/", "a token goes in `tokenFile`"],
  ["https:///path", "write https://host:port/path"],
])("a webhook at %s is refused with what to write", (url, hint) => {
  const finding = onlyFinding(webhook({ url }));
  expect(finding).toMatchObject({
    code: "CONFIG_WEBHOOK_URL",
    path: "notify[0].webhook.url",
    hint: expect.stringContaining(hint),
  });
  expect(`${finding.message} ${finding.hint}`).not.toContain("secret");
});

test("one passphrase for two purposes is refused, and so are half an identity and files that no one would find", () => {
  expect(onlyFinding(snmp({ privacyFile: "auth" }))).toMatchObject({
    code: "CONFIG_RECEIVER",
    path: "notify[0].snmp.privacyFile",
  });
  expect(onlyFinding(syslog({ certificate: "gw.pem" }))).toMatchObject({
    code: "CONFIG_KEY_MISSING",
    hint: "add `key: …` beside it",
  });
  expect(refusals(webhook({ tokenFile: "~/token" }))).toEqual(["CONFIG_FILE_PATH notify[0].webhook.tokenFile"]);
  expect(refusals(syslog({ host: "10.0.0.300" }))).toEqual(["CONFIG_HOST notify[0].syslog.host"]);
});

test("older SNMP, weaker algorithms and a community cannot be written", () => {
  expect(refusals(snmp({ authentication: "md5" }))).toEqual(["CONFIG_VALUE_UNKNOWN notify[0].snmp.authentication"]);
  expect(refusals(snmp({ privacy: "des" }))).toEqual(["CONFIG_VALUE_UNKNOWN notify[0].snmp.privacy"]);
  expect(refusals(snmp({ community: "public" }))).toEqual(["CONFIG_KEY_UNKNOWN notify[0].snmp.community"]);
});
