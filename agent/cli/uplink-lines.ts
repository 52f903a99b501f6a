import type { Traffic, UplinkStatus } from "../contract/uplink-status.ts";
import { bytesText } from "./bytes-text.ts";
import { faultLines } from "./fault-lines.ts";
import type { Paint } from "./paint.ts";
import { serviceLines } from "./service-lines.ts";
import type { Phrase, Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";
import { UPLINK } from "./words/uplink-words.ts";

/** as wide as the words `uplink` and `field` with what follows them */
export const LABEL_INDENT = 10;
const MARGIN = " ".repeat(LABEL_INDENT);

/** The connection to the broker: state, way, host, others, bytes. What says nothing has no line. */
export function uplinkLines(uplink: UplinkStatus | null, say: Say, paint: Paint): readonly string[] {
  if (uplink === null) return [`uplink    ${paint("red", say(STATUS.notAnswering))}: ${say(STATUS.beingStarted)}`];
  const connected = uplink.state === "online" || uplink.state === "waiting-for-host";
  return [
    stateLine(uplink, say, paint),
    ...faultLines(uplink.lastFault, !connected, LABEL_INDENT, say, paint),
    ...wayLine(uplink, say, paint),
    ...hostLine(uplink, say, paint),
    ...brokerLines(uplink, paint),
    ...trafficLines(uplink, say, paint),
    ...serviceLines(uplink, say, paint),
  ];
}

function stateLine(uplink: UplinkStatus, say: Say, paint: Paint): string {
  const state = uplink.state === "online" ? paint("green", "online") : paint("yellow", uplink.state);
  const retry =
    uplink.retryInMs === undefined
      ? ""
      : `, ${say(UPLINK.nextAttempt, { seconds: (uplink.retryInMs / 1_000).toFixed(1) })}`;
  const protocol = uplink.protocol === "" ? "" : ` MQTT ${uplink.protocol}`;
  const odd: readonly (readonly [number, Phrase])[] = [
    [uplink.writesRefused, UPLINK.writesRefused],
    [uplink.rebirthsRefused, UPLINK.rebirthsRefused],
    [uplink.malformedMessages, UPLINK.malformed],
    [uplink.oversizeMessages, UPLINK.oversize],
  ];
  const seen = odd.filter(([count]) => count > 0).map(([count, phrase]) => say(phrase, { count }));
  const refused = seen.length === 0 ? "" : `  ${paint("yellow", seen.join("  "))}`;
  const marks = say(UPLINK.marks, { acknowledged: uplink.marksAcknowledged, sent: uplink.marksSent });
  const told = say(UPLINK.births, { births: uplink.births, data: uplink.dataMessages });
  return `uplink    ${state} ${uplink.broker}${protocol}${retry}  ${told}  ${marks}${refused}`;
}

/** How it goes there: TLS, network interface, keep-alive. */
function wayLine(
  { tls, interfaceName, pingS, hybridStalled }: UplinkStatus,
  say: Say,
  paint: Paint,
): readonly string[] {
  const parts = [
    ...(tls === undefined ? [] : [`${tls.version.replace("TLSv", "TLS ")} ${tls.group} ${tls.cipher}`]),
    ...(hybridStalled ? [paint("yellow", say(UPLINK.stalled))] : []),
    ...(interfaceName === "" ? [] : [say(UPLINK.by, { name: interfaceName })]),
    ...(tls === undefined || pingS === 0 ? [] : [say(UPLINK.ping, { seconds: pingS })]),
  ];
  return parts.length === 0 ? [] : [`${MARGIN}${parts.join(", ")}`];
}

function hostLine({ primaryHost }: UplinkStatus, say: Say, paint: Paint): readonly string[] {
  if (primaryHost === undefined) return [];
  const { id, state } = primaryHost;
  if (state === "online") return [`${MARGIN}${say(UPLINK.host, { id })} ${paint("green", say(STATUS.online))}`];
  const said = say(state === "offline" ? UPLINK.hostOffline : UPLINK.hostUnknown);
  return [`${MARGIN}${say(UPLINK.host, { id })} ${paint("yellow", said)}: ${say(UPLINK.hostWaits)}`];
}

/** The others, where there are any: each with why it does not serve. */
function brokerLines({ broker, brokers }: UplinkStatus, paint: Paint): readonly string[] {
  return brokers
    .filter(({ address }) => address !== broker)
    .map(({ address, state, lastFault }) => {
      const away = state === "away";
      const why =
        lastFault === undefined ? "" : ` ${away ? paint("yellow", lastFault.code) : paint("dim", lastFault.code)}`;
      return `${MARGIN}${away ? paint("yellow", state) : state} ${address}${why}`;
    });
}

function trafficLines({ day, month, held }: UplinkStatus, say: Say, paint: Paint): readonly string[] {
  const waits =
    held.length === 0 ? [] : [`${MARGIN}${paint("yellow", say(UPLINK.budget, { classes: held.join(", ") }))}`];
  if (total(month) === 0 && total(day) === 0) return waits;
  const facts = { day: trafficText(day), month: bytesText(total(month)) };
  return [`${MARGIN}${say(UPLINK.traffic, facts)}`, ...waits];
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
