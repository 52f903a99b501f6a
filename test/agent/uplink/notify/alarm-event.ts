import type { AlarmEvent } from "../../../../agent/contract/alarms.ts";
import type { AlarmSinkSnapshot } from "../../../../agent/config/snapshot/notify.ts";

/** An event of the well, as `field` would send it. */
export function alarmEvent(sequence: number, over: Partial<AlarmEvent> = {}): AlarmEvent {
  return {
    kind: "alarm-event",
    bootId: "boot-1",
    sequence,
    lost: 0,
    alarm: "well-high",
    priority: "high",
    from: "normal",
    to: "raised",
    text: { en: "Well level high", de: "Brunnenstand hoch" },
    evidence: "well/level is 2.6, limit 2.5",
    timeMs: 1_767_225_600_000,
    trust: "trusted",
    ...over,
  };
}

export function sinkSnapshot(over: Partial<AlarmSinkSnapshot> = {}): AlarmSinkSnapshot {
  return {
    name: "control-room",
    priority: "low",
    language: "en",
    queueMax: 10,
    receiver: {
      kind: "syslog",
      host: "log.test",
      port: 6_514,
      serverName: "log.test",
      facility: 16,
      anchorsPath: "/anchors.pem",
    },
    ...over,
  };
}

export const ORIGIN = { site: "riverside", device: "gw-1" };
