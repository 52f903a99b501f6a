import { X509Certificate } from "node:crypto";
import type { Clock } from "../../hal/clock.ts";
import type { Log } from "../contract/log.ts";

const DAY_MS = 86_400_000;
/** Time enough for somebody to come and bring another. */
const WARN_MS_MAX = 30 * DAY_MS;
/** A certificate that lives for days only is due when this part of its life is left, as any other is for renewal. */
const WARN_LIFE = 1 / 3;

/**
 * Warns in the log of the gateway's own certificate when it ends soon or has ended, by a clock that may be believed, once
 * a day. No more than that: whether to take it is the broker's to say, and its clock may be the better one.
 */
export function watchOwnCertificate(clock: Pick<Clock, "wall">, log: Log): (pem: string) => void {
  let said = "";
  return (pem) => {
    const { unixMs, trust } = clock.wall();
    if (trust === "untrusted") return;
    const { validFromDate, validToDate, fingerprint256 } = new X509Certificate(pem);
    const endsMs = validToDate.getTime();
    const leftMs = endsMs - unixMs;
    if (leftMs >= Math.min(WARN_MS_MAX, WARN_LIFE * (endsMs - validFromDate.getTime()))) return;
    const daysLeft = Math.floor(leftMs / DAY_MS);
    const saying = `${fingerprint256} ${daysLeft}`;
    if (saying === said) return;
    said = saying;
    log.warn(leftMs < 0 ? "certificate.ended" : "certificate.ends-soon", { daysLeft });
  };
}
