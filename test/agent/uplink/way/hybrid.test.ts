import { expect, test } from "vitest";
import {
  HYBRID_OFFERED,
  RETRY_HYBRID_MS,
  STALLS_MAX,
  afterHandshake,
  isStall,
  keyExchangeOf,
} from "../../../../agent/uplink/way/hybrid.ts";
import type { Hybrid } from "../../../../agent/uplink/way/hybrid.ts";
import { UplinkError } from "../../../../agent/uplink/mqtt/fault.ts";
import { HalError } from "../../../../hal/error.ts";

const NOW = 5_000;
const SUSPECTED: Hybrid = { at: "suspected" };
const STALLED: Hybrid = { at: "stalled", retryMs: NOW + RETRY_HYBRID_MS };
const almost: Hybrid = { at: "offered", stalls: STALLS_MAX - 1 };

test.each([
  ["a first stall is counted", HYBRID_OFFERED, "hybrid", "stalled", { at: "offered", stalls: 1 }],
  ["one stall too many raises a suspicion", almost, "hybrid", "stalled", SUSPECTED],
  ["a handshake that is done forgets the stalls", almost, "hybrid", "done", HYBRID_OFFERED],
  ["a failure before the handshake says nothing", almost, "hybrid", "other", almost],
  ["X25519 alone that works proves it", SUSPECTED, "classical", "done", STALLED],
  ["X25519 alone that stalls clears it", SUSPECTED, "classical", "stalled", HYBRID_OFFERED],
  ["a failure before the handshake leaves the suspicion", SUSPECTED, "classical", "other", SUSPECTED],
  [
    "a classical connection changes nothing",
    { at: "stalled", retryMs: 9 },
    "classical",
    "done",
    { at: "stalled", retryMs: 9 },
  ],
  ["a retry that stalls waits another day", { at: "stalled", retryMs: 9 }, "hybrid", "stalled", STALLED],
  ["a retry that works ends it", { at: "stalled", retryMs: 9 }, "hybrid", "done", HYBRID_OFFERED],
] as const)("%s", (_name, before, offered, result, after) => {
  expect(afterHandshake(before, offered, result, NOW)).toEqual(after);
});

test("what is offered follows from what is known, and a broker that is hybrid-only gets nothing else", () => {
  expect(keyExchangeOf(HYBRID_OFFERED, false, NOW)).toBe("hybrid");
  expect(keyExchangeOf(SUSPECTED, false, NOW)).toBe("classical");
  expect(keyExchangeOf(STALLED, false, NOW + RETRY_HYBRID_MS - 1)).toBe("classical");
  expect(keyExchangeOf(STALLED, false, NOW + RETRY_HYBRID_MS)).toBe("hybrid");
  for (const known of [SUSPECTED, STALLED]) expect(keyExchangeOf(known, true, NOW)).toBe("hybrid");
});

const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const alert = Object.assign(new Error("handshake failure"), { code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE" });

test("silence and a broken connection are stalls; a server that answers is not", () => {
  expect(isStall(new UplinkError("UPLINK_TLS_TIMEOUT", ""))).toBe(true);
  expect(isStall(new HalError("HAL_TLS_FAILED", "", { cause: reset }))).toBe(true);
  expect(isStall(new HalError("HAL_TLS_FAILED", "", { cause: new Error("the connection ended") }))).toBe(true);
  expect(isStall(new HalError("HAL_TLS_FAILED", "", { cause: alert }))).toBe(false);
  expect(isStall(new HalError("HAL_TLS_UNTRUSTED", "", { cause: reset }))).toBe(false);
  expect(isStall(new UplinkError("UPLINK_TCP_TIMEOUT", ""))).toBe(false);
  expect(isStall(new HalError("HAL_CONNECT_REFUSED", ""))).toBe(false);
});
