import type { Mark } from "../../../../agent/contract/mqtt.ts";
import type { UplinkToField } from "../../../../agent/contract/field-uplink.ts";
import type { Roster, TelemetryMessage } from "../../../../agent/contract/telemetry.ts";
import type { TrafficClass } from "../../../../agent/contract/uplink-status.ts";
import { Telemetry } from "../../../../agent/uplink/session/telemetry.ts";
import type { TelemetryParts } from "../../../../agent/uplink/session/telemetry.ts";
import { decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import type { Payload } from "../../../../agent/uplink/sparkplug/payload.ts";
import { virtualClock } from "../../../../simulator/clock.ts";

export interface Published {
  readonly verb: string;
  readonly device: string;
  readonly traffic: "live" | "history";
  readonly payload: Payload;
}

/** A session that is open, with the same points in each of its sources, on a wire that does what it is told. */
export function openSession(names: readonly string[], parts: Partial<TelemetryParts> = {}, points = ["p"]) {
  const clock = virtualClock();
  const published: Published[] = [];
  const marks: { readonly mark: Mark; readonly acknowledge: () => void }[] = [];
  const heard: UplinkToField[] = [];
  const counters = { dataMessages: 0, births: 0, writesRefused: 0, marksSent: 0, marksAcknowledged: 0 };
  const telemetry = new Telemetry({ clock, version: "test", counters, events: { birthTooLarge() {} }, ...parts });
  const roster: Roster = {
    kind: "roster",
    bootId: "boot-1",
    revision: 0,
    sources: names.map((name) => ({
      name,
      bus: "bus",
      online: true,
      points: points.map((point) => ({
        name: point,
        type: "uint16",
        output: false,
        value: null,
        quality: 1,
        timeMs: 0,
      })),
    })),
  };
  const w = {
    clock,
    telemetry,
    roster,
    counters,
    marks,
    heard,
    published,
    waitingBytes: 0,
    /** asked before each message */
    allows: (_traffic: TrafficClass): boolean => true,
    now: () => clock.wall().unixMs,
    verbs: () => published.map(({ verb, device }) => (device === "" ? verb : `${verb} ${device}`)),
    receive(message: TelemetryMessage) {
      const wrong = telemetry.receive(message);
      if (wrong !== undefined) throw new Error(wrong);
    },
    /** So many values of a source, one after another, as of now. */
    sample(source: number, first: number, values = 1, timeMs = clock.wall().unixMs) {
      w.receive(batch(source, first, values, timeMs));
    },
    open() {
      telemetry.brokerOpened(ID, 0, wire);
      published.length = 0;
    },
  };
  const wire = {
    packetBytesMax: 262_144,
    allows: (traffic: TrafficClass) => w.allows(traffic),
    waitingBytes: () => w.waitingBytes,
    cut(reason: Error) {
      throw reason;
    },
    publish(topic: string, bytes: Uint8Array, traffic: "live" | "history") {
      const [, , verb = "", , device = ""] = topic.split("/");
      const decoded = decodePayload(bytes);
      if ("refusal" in decoded) throw new Error(decoded.message);
      published.push({ verb, device, traffic, payload: decoded.payload });
    },
    publishAcknowledged(_topic: string, payload: Uint8Array, _retain: boolean, acknowledge: () => void) {
      marks.push({ mark: JSON.parse(Buffer.from(payload).toString("utf8")) as Mark, acknowledge });
    },
  };
  telemetry.fieldOpened((message) => heard.push(message));
  w.receive(roster);
  w.open();
  return w;
}

const ID = { managementPrefix: "holdfast/v1", site: "s", device: "d", group: "g", edgeNode: "n" };

export function batch(source: number, first: number, values: number, timeMs = 1): TelemetryMessage {
  const all = <T>(value: T): T[] => Array.from({ length: values }, () => value);
  const columns = {
    points: all(0),
    values: Array.from({ length: values }, (_, i) => (first + i) % 65_536),
    qualities: all(0),
    times: all(timeMs),
  };
  return { kind: "batch", revision: 0, source, first, trust: "trusted", ...columns };
}
