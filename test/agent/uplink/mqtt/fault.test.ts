import { expect, test } from "vitest";
import { HalError } from "../../../../hal/error.ts";
import { anyBroker } from "../any-broker.ts";
import { UplinkError, explain } from "../../../../agent/uplink/mqtt/fault.ts";

test.each([
  [new HalError("HAL_TLS_REFUSED", "alert"), "UPLINK_CREDENTIAL_REFUSED", "uplink.broker.certificate"],
  [new HalError("HAL_TLS_UNTRUSTED", "x"), "UPLINK_BROKER_UNTRUSTED", "uplink.broker.anchors"],
  [
    new HalError("HAL_TLS_UNTRUSTED", "x", {
      cause: Object.assign(new Error("y"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" }),
    }),
    "UPLINK_BROKER_WRONG_NAME",
    "uplink.broker.serverName",
  ],
  [new HalError("HAL_CONNECT_UNREACHABLE", "x"), "HAL_CONNECT_UNREACHABLE", "check cable"],
  [new UplinkError("UPLINK_KEEPALIVE_TIMEOUT", "PINGREQ"), "UPLINK_KEEPALIVE_TIMEOUT", "PINGREQ"],
  [new Error("whatever a library says"), "UPLINK_PROTOCOL_ERROR", "whatever"],
  ["not even an error", "UPLINK_PROTOCOL_ERROR", "not even"],
])("every failure has a code, the broker and a next step: %s", (error, code, hint) => {
  const told = explain(error, anyBroker);
  expect(told.code).toBe(code);
  expect(told.message).toMatch(/^broker\.test:8883: /);
  expect(told.message).toContain(hint);
});
