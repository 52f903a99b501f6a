/** What came of one thing that was tried. */
export interface Finding {
  /** such as `tls` or `echo` */
  readonly step: string;
  /** `unproven`: nothing speaks against it, but nothing that can be seen from here proves it */
  readonly outcome: "ok" | "failed" | "unproven";
  /** in a technician's words, the next step included where it failed */
  readonly says: string;
  /** such as `UPLINK_TLS_MISMATCH`, where it failed */
  readonly code?: string;
  readonly tookMs: number;
  /** what was offered, what was shown */
  readonly details: readonly string[];
}

/** Takes findings as they come. */
export type Tell = (finding: Finding) => void;
