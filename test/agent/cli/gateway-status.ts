import type { GatewayStatus } from "../../../agent/contract/status.ts";

/** A gateway with one bus, one dead and one living device, and an uplink that waits. */
export function gatewayStatus(): GatewayStatus {
  const fault = { code: "HAL_CONNECT_REFUSED", message: "broker.example:8883 refuses", timeMs: 1_000 };
  const counters = {
    requests: 100,
    replies: 97,
    exceptions: 0,
    timeouts: 3,
    lateReplies: 0,
    crcErrors: 0,
    foreignFrames: 0,
    shortFrames: 0,
    longFrames: 0,
    discardedBytes: 0,
    reopened: 0,
    latePolls: 0,
    writes: 0,
    refusedBroadcasts: 0,
  };
  return {
    version: "0.1.0",
    site: "north",
    device: "gw-1",
    configReport: null,
    uplink: {
      state: "waiting",
      broker: "broker.example:8883",
      protocol: "",
      connects: 0,
      attempts: 4,
      retryInMs: 1_500,
      marksSent: 2,
      marksAcknowledged: 2,
      dataMessages: 10,
      births: 2,
      rebirthsRefused: 0,
      writesRefused: 1,
      malformedMessages: 0,
      oversizeMessages: 0,
      configDigest: "",
      lastFault: fault,
    },
    field: {
      bootId: "7-abcd",
      configDigest: "",
      clockTrust: "bounded",
      queue: { values: 12, valuesMax: 1_000, dropped: 5, sampled: 400, acknowledged: 388 },
      buses: [
        {
          name: "line-1",
          kind: "rtu",
          target: "/dev/serial/by-id/usb-1",
          state: "open",
          loadPercent: 42,
          counters,
          devices: [
            {
              name: "pump-1",
              unit: 1,
              online: true,
              timeouts: 0,
              exceptions: 0,
              replyMs: 12.5,
              points: [
                {
                  name: "flow",
                  type: "float32",
                  unit: "m3/h",
                  value: 12.345678,
                  quality: "good",
                  reason: "ok",
                  timeMs: 1,
                  sequence: 4,
                },
                {
                  name: "run",
                  type: "bool",
                  output: true,
                  value: null,
                  quality: "bad",
                  reason: "never-read",
                  timeMs: 0,
                  sequence: -1,
                },
              ],
            },
            {
              name: "valve",
              unit: 2,
              online: false,
              timeouts: 3,
              exceptions: 0,
              replyMs: 0,
              probeInMs: 4_200,
              points: [],
            },
          ],
        },
      ],
    },
  };
}
