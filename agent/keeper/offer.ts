import type { Snapshot } from "../config/snapshot.ts";
import type { Log } from "../contract/log.ts";
import type { ConfigReport } from "../contract/report.ts";
import type { Configured } from "../contract/rooms.ts";
import { decodeSnapshot } from "./kept.ts";
import type { Kept, KeptConfigurations } from "./kept.ts";

export type ConfiguredRoom = "field" | "uplink";
const MESSAGE_CHARS_MAX = 512;

/**
 * Which configuration the gateway runs, and why the newest offered one is not it. A new one is stored before it is
 * handed out; a room that refuses it brings back the last that `field` ran, for both. All of it outlives a restart.
 */
export interface Configurations {
  /** What every room should run; undefined before the first. */
  current(): Snapshot | undefined;
  /** Why the newest offered configuration is not the one running; null when it is. */
  report(): ConfigReport | null;
  /** @returns a refusal, or undefined once it is stored */
  offer(snapshot: unknown): Promise<Refusal | undefined>;
  /** A file that did not compile. */
  reportFile(report: ConfigReport): Promise<void>;
  /** A room said what became of the configuration it was handed, or which one it runs. */
  answered(room: ConfiguredRoom, answer: Configured): Promise<void>;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Never rejects: what cannot be read is reported and as good as none, since the rooms go on with their own.
 * @param changed called whenever `current` or `report` may be another one
 */
export async function openConfigurations(
  kept: KeptConfigurations,
  log: Log,
  changed: () => void,
): Promise<Configurations> {
  let report: ConfigReport | null = null;
  const readable = async <Value>(what: Kept<Value>): Promise<Value | undefined> => {
    try {
      return await what.read();
    } catch (error) {
      log.error("configuration.unreadable", { cause: String(error) });
      report = reportOf("keeper", {
        code: "CONFIG_UNREADABLE",
        message: `keeper's own copy cannot be read: ${String(error)}`,
      });
      return undefined;
    }
  };
  const storedReport = await readable(kept.report);
  let current = await readable(kept.current);
  report ??= storedReport ?? null;
  /** whether `field`, which looks closest, runs `current` */
  let proven = false;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  const say = async (newReport: ConfigReport | null): Promise<void> => {
    if (report === null && newReport === null) return;
    report = newReport;
    // it is said all the same, and only a restart would forget it
    await kept.report
      .replace(newReport ?? undefined)
      .catch((error: unknown) => log.error("configuration.report-not-stored", { cause: String(error) }));
  };
  const store = async (snapshot: Snapshot | undefined): Promise<void> => {
    await kept.current.replace(snapshot);
    current = snapshot;
    proven = false;
  };
  return {
    current: () => current,
    report: () => report,
    offer: (offered) =>
      inTurn(async () => {
        const snapshot = decodeSnapshot(offered);
        if (snapshot === undefined) {
          return { code: "CONFIG_SNAPSHOT_MALFORMED", message: "not a snapshot that `holdfast config compile` wrote" };
        }
        try {
          if (snapshot.digest !== current?.digest) {
            // one that nothing is known of must not push out one that ran
            if (proven) await kept.before.replace(current);
            await store(snapshot);
          }
        } catch (error) {
          const refusal = { code: "CONFIG_NOT_STORED", message: String(error).slice(0, MESSAGE_CHARS_MAX) };
          await say(reportOf("keeper", refusal));
          changed();
          return refusal;
        }
        await say(null);
        changed();
        return undefined;
      }),
    reportFile: (newReport) =>
      inTurn(async () => {
        await say(newReport);
        changed();
      }),
    answered: (room, { digest, refused }) =>
      inTurn(async () => {
        const runs = (): boolean => room === "field" && digest === current?.digest;
        proven ||= runs();
        if (refused !== undefined && refused.digest === current?.digest) {
          const before = await readable(kept.before);
          await say(reportOf(room, refused));
          // without one before, none: handing the refused one out again would be refused again, for ever
          await store(before?.digest === refused.digest ? undefined : before);
          proven = runs();
        }
        changed();
      }),
  };
}

function reportOf(path: ConfiguredRoom | "keeper", { code, message }: Refusal): ConfigReport {
  const hint = "the configuration before stays in force; mend what is wrong and apply the file again";
  return {
    file: "",
    findings: [{ code, line: 0, column: 0, path, message: message.slice(0, MESSAGE_CHARS_MAX), hint }],
  };
}
