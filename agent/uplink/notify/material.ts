import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";

/** What one receiver is reached with; texts, not files. Asked for at every attempt, so that renewed files are used. */
export interface SinkMaterial {
  /** PEM of the CA certificates that may vouch for a TLS receiver */
  readonly anchors?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
  readonly authentication?: string;
  readonly privacy?: string;
}

/** Rejects with the reason why it cannot be had. */
export type SinkMaterialSource = (sink: AlarmSinkSnapshot) => Promise<SinkMaterial>;
