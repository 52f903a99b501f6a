import { expect, test } from "vitest";
import { speaker } from "../../../agent/cli/words/phrase.ts";
import { bytesText } from "../../../agent/cli/bytes-text.ts";
import { paintFor } from "../../../agent/cli/paint.ts";
import { uplinkLines } from "../../../agent/cli/uplink-lines.ts";
import type { UplinkStatus } from "../../../agent/contract/uplink-status.ts";
import { gatewayStatus } from "./gateway-status.ts";

const NOTHING = { live: 0, history: 0, management: 0, overhead: 0 };
const FAULT = { code: "HAL_CONNECT_REFUSED", message: "refused", timeMs: Date.UTC(2026, 0, 2, 3, 4, 5) };

function uplink(changes: Partial<UplinkStatus> = {}): UplinkStatus {
  const { lastFault: _fault, retryInMs: _retry, ...status } = gatewayStatus().uplink as UplinkStatus;
  return { ...status, state: "online", broker: "mqtts://a.example:8883", protocol: "5", writesRefused: 0, ...changes };
}

const shown = (changes: Partial<UplinkStatus> = {}, colour = false): readonly string[] =>
  uplinkLines(uplink(changes), speaker("en"), paintFor(colour));

test("a plain connection is one line", () => {
  expect(shown()).toEqual([
    "uplink    online mqtts://a.example:8883 MQTT 5  births 2  data 10  marks 2/2 acknowledged",
  ]);
});

test("a rich one tells way, host, other brokers and bytes, each on its line", () => {
  expect(
    shown({
      state: "waiting-for-host",
      brokers: [
        { address: "mqtts://a.example:8883", state: "serving" },
        { address: "wss://b.example:443", state: "away", lastFault: FAULT },
        { address: "mqtts://c.example:8883", state: "standby" },
      ],
      interfaceName: "eth0",
      tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "X25519MLKEM768" },
      primaryHost: { id: "scada", state: "offline" },
      day: { live: 812_345, history: 0, management: 45_600, overhead: 321 },
      month: { live: 34_000_000, history: 999_600, management: 0, overhead: 0 },
      held: ["history"],
      lastFault: FAULT,
    }),
  ).toEqual([
    "uplink    waiting-for-host mqtts://a.example:8883 MQTT 5  births 2  data 10  marks 2/2 acknowledged",
    "          last fault HAL_CONNECT_REFUSED refused, 2026-01-02 03:04:05 UTC",
    "          TLS 1.3 X25519MLKEM768 TLS_AES_256_GCM_SHA384, by eth0, ping after 60 s of silence",
    "          primary host scada offline: values wait for it",
    "          away wss://b.example:443 HAL_CONNECT_REFUSED",
    "          standby mqtts://c.example:8883",
    "          today 858 kB (live 812 kB, management 45.6 kB, overhead 321 B)  this month 35 MB",
    "          budget used up: history held back",
  ]);
});

test("a hybrid key exchange that stalls is said in words, in yellow", () => {
  const tls = { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", group: "X25519" };
  const lines = shown({ hybridStalled: true, tls }, true);
  expect(lines[1]).toContain(
    "\u001b[33mhybrid key exchange stalls on this way: X25519 alone, hybrid tried again daily",
  );
  expect(shown({ tls }).join()).not.toContain("stalls");
});

test("a primary host that is there, or said nothing, is told apart from one that left", () => {
  expect(shown({ primaryHost: { id: "scada", state: "online" } })[1]).toBe("          primary host scada online");
  expect(shown({ primaryHost: { id: "scada", state: "unknown" } })[1]).toBe(
    "          primary host scada has not said that it is there: values wait for it",
  );
});

test("without a connection the fault lasts, and there is neither TLS nor ping", () => {
  const lines = shown({ state: "waiting", protocol: "", retryInMs: 1_500, lastFault: FAULT, interfaceName: "wwan0" });
  expect(lines).toEqual([
    "uplink    waiting mqtts://a.example:8883, next attempt in 1.5 s  births 2  data 10  marks 2/2 acknowledged",
    "          HAL_CONNECT_REFUSED refused",
    "          by wwan0",
  ]);
});

test("a budget that is used up is shown though nothing was counted yet this month", () => {
  expect(shown({ held: ["live", "management"], day: NOTHING, month: NOTHING }).at(-1)).toBe(
    "          budget used up: live, management held back",
  );
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 kB"],
  [45_678, "45.7 kB"],
  [999_499, "999 kB"],
  [999_600, "1 MB"],
  [1_234_567_890, "1.23 GB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
