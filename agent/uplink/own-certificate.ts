import { X509Certificate } from "node:crypto";
import { every } from "../../hal/clock.ts";
import type { Clock } from "../../hal/clock.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import type { Log } from "../contract/log.ts";
import type { BrokerMaterial } from "./credentials.ts";

const DAY_MS = 86_400_000;
/** Time enough for somebody to come and bring another. */
const WARN_MS_MAX = 30 * DAY_MS;
/** A certificate that lives for days only is due when this part of its life is left, as any other is for renewal. */
const WARN_LIFE = 1 / 3;
/** How often files are looked at beside attempts to connect: a session may last longer than what it began with. */
const LOOK_MS = DAY_MS / 4;
/** Every broker of a configuration, and those that the one before it named. */
const BROKERS_MAX = 16;

export interface OwnCertificateParts {
  readonly clock: Pick<Clock, "wall" | "after">;
  readonly log: Log;
  readonly material: (broker: BrokerSnapshot) => Promise<Pick<BrokerMaterial, "certificate">>;
}

export interface OwnCertificateWatch extends Disposable {
  /** An attempt on that broker proves itself with it. */
  used(certificatePem: string, broker: BrokerSnapshot): void;
}

/**
 * Warns in the log of the gateway's own certificate when it ends soon or has ended, by a clock that may be believed, once
 * a day, whether or not there is an attempt to connect. No more than that: whether to take it is the broker's to say, and
 * its clock may be the better one.
 */
export function watchOwnCertificate({ clock, log, material }: OwnCertificateParts): OwnCertificateWatch {
  const known = new Map<string, { readonly broker: BrokerSnapshot; readonly said: string }>();
  const used = (pem: string, broker: BrokerSnapshot): void => {
    const path = broker.certificatePath;
    const before = known.get(path)?.said ?? "";
    const { saying, warn } = verdictOn(pem, clock);
    known.delete(path);
    known.set(path, { broker, said: saying === "" ? before : saying });
    for (const oldest of known.keys()) {
      if (known.size <= BROKERS_MAX) break;
      known.delete(oldest);
    }
    if (saying !== before && warn !== undefined) log.warn(warn.event, { daysLeft: warn.daysLeft });
  };
  const look = async (): Promise<void> => {
    for (const broker of Array.from(known.values(), (one) => one.broker)) {
      try {
        // as it is now: the one in use may have been renewed since
        used((await material(broker)).certificate, broker);
      } catch (error) {
        log.warn("certificate.unreadable", { message: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  const looks = every(clock, LOOK_MS, () => void look());
  return { used, [Symbol.dispose]: () => looks[Symbol.dispose]() };
}

interface Verdict {
  /** the same for as long as nothing new is to be said; empty where there is nothing to say */
  readonly saying: string;
  readonly warn?: { readonly event: "certificate.ended" | "certificate.ends-soon"; readonly daysLeft: number };
}

function verdictOn(pem: string, clock: Pick<Clock, "wall">): Verdict {
  const { unixMs, trust } = clock.wall();
  if (trust === "untrusted") return { saying: "" };
  const { validFromDate, validToDate, fingerprint256 } = new X509Certificate(pem);
  const endsMs = validToDate.getTime();
  const leftMs = endsMs - unixMs;
  if (leftMs >= Math.min(WARN_MS_MAX, WARN_LIFE * (endsMs - validFromDate.getTime()))) return { saying: "" };
  const daysLeft = Math.floor(leftMs / DAY_MS);
  const event = leftMs < 0 ? "certificate.ended" : "certificate.ends-soon";
  return { saying: `${fingerprint256} ${daysLeft}`, warn: { event, daysLeft } };
}
