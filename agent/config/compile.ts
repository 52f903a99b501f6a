import { basename } from "node:path";
import { Check } from "typebox/value";
import type { ConfigReport } from "../contract/report.ts";
import { packetBytesMaxOf } from "./build/broker.ts";
import { buildBus, buildField } from "./build/field.ts";
import { buildUplink } from "./build/uplink.ts";
import { brokersOf } from "./brokers.ts";
import { canonical } from "./canonical.ts";
import { checkShape } from "./check-shape.ts";
import type { Shaped } from "./check-shape.ts";
import { snapshotDigest } from "./digest.ts";
import { parseYaml } from "./document.ts";
import type { YamlDocument } from "./document.ts";
import { pointTypes } from "./expression/point-types.ts";
import type { PointTypes } from "./expression/point-types.ts";
import { expandDocument } from "./expand/expand.ts";
import type { PartFile, ReadPart } from "./expand/part-file.ts";
import { Parts } from "./expand/parts.ts";
import { Places } from "./expand/places.ts";
import { writtenOut } from "./expand/written-out.ts";
import type { ConfigCode } from "./codes.ts";
import { Findings } from "./findings.ts";
import type { Loose } from "./loose.ts";
import { checkAlarms } from "./rules/alarms.ts";
import { checkBrokers } from "./rules/broker.ts";
import { checkBudget } from "./rules/budget.ts";
import { checkBus } from "./rules/bus.ts";
import { checkCommunicationLossTimer } from "./rules/communication-loss-timer.ts";
import type { Inquiry } from "./rules/inquiry.ts";
import { checkDerived } from "./rules/derived.ts";
import { checkExpressionTotal } from "./rules/expression-total.ts";
import { checkLocalBirths } from "./rules/local-births.ts";
import { checkIo } from "./rules/io.ts";
import { checkModbusServer } from "./rules/modbus-server.ts";
import { checkNotify } from "./rules/notify.ts";
import { checkNames } from "./rules/names.ts";
import { checkOutputs } from "./rules/outputs.ts";
import { checkPlan } from "./rules/plan.ts";
import { checkPlanTime } from "./rules/plan-time.ts";
import { checkPoint } from "./rules/point.ts";
import { checkProfiles } from "./rules/profile.ts";
import { checkRates } from "./rules/rate.ts";
import { checkShared } from "./rules/shared.ts";
import { checkBirths, checkSize } from "./rules/size.ts";
import { checkTemplates } from "./rules/templates.ts";
import { checkTopics } from "./rules/topic.ts";
import { checkWays } from "./rules/ways.ts";
import { GatewayFile } from "./schema.ts";
import { Bus } from "./schema/bus.ts";
import { shapeOf } from "./schema/shape.ts";
import type { BusSnapshot, Snapshot } from "./snapshot.ts";

export type Compiled = ({ readonly snapshot: Snapshot } | { readonly report: ConfigReport }) & {
  /** the further files that it names, those that could not be read included */
  readonly parts: readonly PartFile[];
};

type Judged = "all" | "all-but-time";
/** What is right in itself and takes longer than there is. */
const TIME_CODES: ReadonlySet<ConfigCode> = new Set(["CONFIG_POLL_IMPOSSIBLE", "CONFIG_PLAN_TIME"]);

/**
 * Turns the text of a `gateway.yaml` into the snapshot that the rooms load, or says everything that is wrong with it.
 * The same settings give the same bytes and the same digest, whatever the order of keys, the comments and the defaults
 * written out. Never throws for any text.
 * @param fileName for the report; PEM files are named relative to its folder, so it should be absolute
 * @param read gives the further files that the configuration names; without it there are none
 * @param judged `all-but-time`: a file that asks for more than there is time for is compiled all the same, to be looked at
 */
export function compileConfig(yamlText: string, fileName: string, read?: ReadPart, judged: Judged = "all"): Compiled {
  const { document, findings, parts } = openConfig(yamlText, fileName, read);
  const snapshot = document === undefined ? undefined : compileDocument(document, fileName, findings, judged);
  if (snapshot !== undefined && findings.count === 0) return { snapshot, parts };
  return { report: findings.report(fileName), parts };
}

/** The configuration written out as one file, or what keeps it from being written out. Whether it is right is not judged. */
export function expandConfig(
  yamlText: string,
  fileName: string,
  read?: ReadPart,
): ({ readonly text: string } | { readonly report: ConfigReport }) & Pick<Compiled, "parts"> {
  const { document, findings, parts } = openConfig(yamlText, fileName, read);
  if (document === undefined) return { report: findings.report(fileName), parts };
  const text = writtenOut(document, findings);
  return text === undefined ? { report: findings.report(fileName), parts } : { text, parts };
}

function openConfig(yamlText: string, fileName: string, read: ReadPart | undefined) {
  const text = yamlText.replace(/^\ufeff/u, "");
  const places = new Places();
  const findings = new Findings(places);
  places.openFile(basename(fileName), text);
  const parts = new Parts(fileName, text.length, read, findings);
  const parsed = parseYaml(text, findings);
  const document =
    parsed === undefined
      ? undefined
      : expandDocument(parsed, fileName, shapeOf(GatewayFile), { parts, places, findings });
  return { document, findings, parts: parts.files };
}

function compileDocument(
  document: YamlDocument,
  fileName: string,
  findings: Findings,
  judged: Judged,
): Snapshot | undefined {
  const shaped = checkShape(shapeOf(GatewayFile), document, findings);
  const file = (shaped.value ?? {}) as Loose<GatewayFile>;
  const inquiry = openInquiry(shaped, pointTypes(file), document, findings, judged);
  checkNames(file, inquiry);
  checkShared(file, inquiry);
  checkBrokers(file, inquiry);
  checkProfiles(file, inquiry);
  checkTopics(file, inquiry);
  checkWays(file, inquiry);
  checkDerived(file, inquiry);
  checkAlarms(file, inquiry);
  checkIo(file, inquiry);
  checkModbusServer(file, inquiry);
  checkNotify(file, inquiry);
  for (const [b, bus] of (file.buses ?? []).entries()) {
    if (bus === undefined) continue;
    checkBus(bus, ["buses", b], inquiry);
    for (const [d, device] of (bus.devices ?? []).entries()) {
      if (device !== undefined) checkCommunicationLossTimer(device, ["buses", b, "devices", d], inquiry);
      for (const [p, point] of (device?.points ?? []).entries())
        if (point !== undefined)
          checkPoint(point, device?.addressBase ?? 0, ["buses", b, "devices", d, "points", p], inquiry);
    }
  }
  checkOutputs(file, inquiry);
  checkPlan(file, inquiry);
  const buses = buildSoundBuses(file, inquiry, findings);
  checkRates(file, buses, inquiry);
  if (findings.count > 0) return undefined;
  if (!Check(GatewayFile, file)) {
    findings.add("CONFIG_SCHEMA", 0, [], "the schema refuses the file and no rule says why", "please report this file");
    return undefined;
  }
  const parts = canonical({
    field: buildField(file, buses, inquiry.points),
    uplink: buildUplink(file, fileName, inquiry.points),
  });
  checkPlanTime(parts.field.plan, parts.field.buses, inquiry);
  checkTemplates(buses, smallestPacketBytes(file), inquiry);
  checkLocalBirths(parts.field, smallestPacketBytes(file), inquiry);
  checkExpressionTotal(parts.field, inquiry);
  checkSize(Buffer.byteLength(JSON.stringify(parts)), parts.field, inquiry);
  return { digest: snapshotDigest(parts), ...parts };
}

function openInquiry(
  shaped: Shaped,
  points: PointTypes,
  document: YamlDocument,
  findings: Findings,
  judged: Judged,
): Inquiry {
  return {
    points,
    whole: (part) => shaped.whole(part),
    say: (code, path, message, hint, part = "value") => {
      if (judged === "all-but-time" && TIME_CODES.has(code)) return;
      findings.add(code, document.offsetOf(path, part), path, message, hint);
    },
  };
}

/** What adds up only for a whole bus is judged on each bus that nothing else is wrong with. */
function buildSoundBuses(file: Loose<GatewayFile>, inquiry: Inquiry, findings: Findings): readonly BusSnapshot[] {
  const packetBytesMax = smallestPacketBytes(file);
  const built: BusSnapshot[] = [];
  for (const [b, bus] of (file.buses ?? []).entries()) {
    if (findings.touch(["buses", b]) || !Check(Bus, bus)) continue;
    const snapshot = buildBus(bus, file.interfaces?.field);
    checkBudget(snapshot, ["buses", b], inquiry);
    checkBirths(snapshot, packetBytesMax, ["buses", b], inquiry);
    built.push(snapshot);
  }
  return built;
}

/** Whichever broker serves, a birth must pass. */
function smallestPacketBytes(file: Loose<GatewayFile>): number {
  return Math.min(...brokersOf(file.uplink ?? {}).map(({ broker }) => packetBytesMaxOf(broker)));
}
