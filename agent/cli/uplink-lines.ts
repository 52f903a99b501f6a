import type { Traffic, UplinkStatus } from "../contract/uplink-status.ts";
import { bytesText } from "./bytes-text.ts";
import { faultLines } from "./fault-lines.ts";
import type { Paint } from "./paint.ts";

/** as wide as the words `uplink` and `field` with what follows them */
export const LABEL_INDENT = 10;
const MARGIN = " ".repeat(LABEL_INDENT);

/** The connection to the broker: state, way, host, others, bytes. What says nothing has no line. */
export function uplinkLines(uplink: UplinkStatus | null, paint: Paint): readonly string[] {
  if (uplink === null) return [`uplink    ${paint("red", "not answering")}: it is being started again`];
  const connected = uplink.state === "online" || uplink.state === "waiting-for-host";
  return [
    stateLine(uplink, paint),
    ...faultLines(uplink.lastFault, !connected, LABEL_INDENT, paint),
    ...wayLine(uplink, paint),
    ...hostLine(uplink, paint),
    ...brokerLines(uplink, paint),
    ...trafficLines(uplink, paint),
  ];
}

function stateLine(uplink: UplinkStatus, paint: Paint): string {
  const state = uplink.state === "online" ? paint("green", "online") : paint("yellow", uplink.state);
  const retry = uplink.retryInMs === undefined ? "" : `, next attempt in ${(uplink.retryInMs / 1_000).toFixed(1)} s`;
  const protocol = uplink.protocol === "" ? "" : ` MQTT ${uplink.protocol}`;
  const odd: readonly (readonly [number, string])[] = [
    [uplink.writesRefused, "writes refused"], [uplink.rebirthsRefused, "rebirths refused"],
    [uplink.malformedMessages, "malformed commands"], [uplink.oversizeMessages, "oversize packets"],
  ]; // prettier-ignore
  const seen = odd.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  const refused = seen.length === 0 ? "" : `  ${paint("yellow", seen.join("  "))}`;
  const marks = `marks ${uplink.marksAcknowledged}/${uplink.marksSent} acknowledged`;
  return `uplink    ${state} ${uplink.broker}${protocol}${retry}  births ${uplink.births}  data ${uplink.dataMessages}  ${marks}${refused}`;
}

/** How it goes there: TLS, network interface, keep-alive. */
function wayLine({ tls, interfaceName, pingS, hybridStalled }: UplinkStatus, paint: Paint): readonly string[] {
  const stalled = "hybrid key exchange stalls on this way: X25519 alone, hybrid tried again daily";
  const parts = [
    ...(tls === undefined ? [] : [`${tls.version.replace("TLSv", "TLS ")} ${tls.group} ${tls.cipher}`]),
    ...(hybridStalled ? [paint("yellow", stalled)] : []),
    ...(interfaceName === "" ? [] : [`by ${interfaceName}`]),
    ...(tls === undefined || pingS === 0 ? [] : [`ping after ${pingS} s of silence`]),
  ];
  return parts.length === 0 ? [] : [`${MARGIN}${parts.join(", ")}`];
}

function hostLine({ primaryHost }: UplinkStatus, paint: Paint): readonly string[] {
  if (primaryHost === undefined) return [];
  const { id, state } = primaryHost;
  if (state === "online") return [`${MARGIN}primary host ${id} ${paint("green", "online")}`];
  const said = state === "offline" ? "offline" : "has not said that it is there";
  return [`${MARGIN}primary host ${id} ${paint("yellow", said)}: values wait for it`];
}

/** The others, where there are any: each with why it does not serve. */
function brokerLines({ broker, brokers }: UplinkStatus, paint: Paint): readonly string[] {
  return brokers
    .filter(({ address }) => address !== broker)
    .map(({ address, state, lastFault }) => {
      const away = state === "away";
      const why =
        lastFault === undefined ? "" : ` ${away ? paint("red", lastFault.code) : paint("dim", lastFault.code)}`;
      return `${MARGIN}${away ? paint("yellow", state) : state} ${address}${why}`;
    });
}

function trafficLines({ day, month, held }: UplinkStatus, paint: Paint): readonly string[] {
  const waits =
    held.length === 0 ? [] : [`${MARGIN}${paint("yellow", `budget used up: ${held.join(", ")} held back`)}`];
  if (total(month) === 0 && total(day) === 0) return waits;
  return [`${MARGIN}today ${trafficText(day)}  this month ${bytesText(total(month))}`, ...waits];
}

/** `1.2 MB (live 800 kB, overhead 400 kB)`; a class without bytes is not told. */
function trafficText(traffic: Traffic): string {
  const { live, history, management, overhead } = traffic;
  const classes = Object.entries({ live, history, management, overhead })
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${bytesText(bytes)}`);
  return `${bytesText(total(traffic))}${classes.length === 0 ? "" : ` (${classes.join(", ")})`}`;
}

function total({ live, history, management, overhead }: Traffic): number {
  return live + history + management + overhead;
}
