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
import { Findings } from "./findings.ts";
import type { Loose } from "./loose.ts";
import { positions } from "./position.ts";
import { checkBrokers } from "./rules/broker.ts";
import { checkBudget } from "./rules/budget.ts";
import { checkBus } from "./rules/bus.ts";
import type { Inquiry } from "./rules/inquiry.ts";
import { checkNames } from "./rules/names.ts";
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

export type Compiled = { readonly snapshot: Snapshot } | { readonly report: ConfigReport };

/**
 * Turns the text of a `gateway.yaml` into the snapshot that the rooms load, or says everything that is wrong with it.
 * The same settings give the same bytes and the same digest, whatever the order of keys, the comments and the defaults
 * written out. Never throws for any text.
 * @param fileName for the report; PEM files are named relative to its folder, so it should be absolute
 */
export function compileConfig(yamlText: string, fileName: string): Compiled {
  const text = yamlText.replace(/^\ufeff/u, "");
  const findings = new Findings();
  const document = parseYaml(text, findings);
  const snapshot = document === undefined ? undefined : compileDocument(document, fileName, findings);
  if (snapshot !== undefined && findings.count === 0) return { snapshot };
  return { report: findings.report(fileName, positions(text)) };
}

function compileDocument(document: YamlDocument, fileName: string, findings: Findings): Snapshot | undefined {
  const shaped = checkShape(shapeOf(GatewayFile), document, findings);
  const file = (shaped.value ?? {}) as Loose<GatewayFile>;
  const inquiry = openInquiry(shaped, document, findings);
  checkNames(file, inquiry);
  checkShared(file, inquiry);
  checkBrokers(file, inquiry);
  checkProfiles(file, inquiry);
  checkTopics(file, inquiry);
  checkWays(file, inquiry);
  for (const [b, bus] of (file.buses ?? []).entries()) {
    if (bus === undefined) continue;
    checkBus(bus, ["buses", b], inquiry);
    for (const [d, device] of (bus.devices ?? []).entries())
      for (const [p, point] of (device?.points ?? []).entries())
        if (point !== undefined) checkPoint(point, ["buses", b, "devices", d, "points", p], inquiry);
  }
  const buses = buildSoundBuses(file, inquiry, findings);
  checkRates(file, buses, inquiry);
  if (findings.count > 0) return undefined;
  if (!Check(GatewayFile, file)) {
    findings.add("CONFIG_SCHEMA", 0, [], "the schema refuses the file and no rule says why", "please report this file");
    return undefined;
  }
  const parts = canonical({ field: buildField(file, buses), uplink: buildUplink(file, fileName) });
  checkTemplates(buses, smallestPacketBytes(file), inquiry);
  checkSize(
    Buffer.byteLength(JSON.stringify(parts)),
    buses.flatMap((bus) => bus.devices),
    inquiry,
  );
  return { digest: snapshotDigest(parts), ...parts };
}

function openInquiry(shaped: Shaped, document: YamlDocument, findings: Findings): Inquiry {
  return {
    whole: (part) => shaped.whole(part),
    say: (code, path, message, hint, part = "value") =>
      findings.add(code, document.offsetOf(path, part), path, message, hint),
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
