import type { Metric } from "../../uplink/sparkplug/payload.ts";

/** One metric, with what births said of it. */
export interface SaidMetric {
  /** undefined where only an alias is there and no birth has said whose it is */
  readonly name: string | undefined;
  readonly alias: number | undefined;
  readonly type: number | undefined;
  readonly value: Metric["value"];
  readonly unit: string | undefined;
  readonly timeMs: number | undefined;
  /** in a word, with its reason where there is one */
  readonly quality: string | undefined;
  readonly historical: boolean;
}

export type Verb = "NBIRTH" | "DBIRTH" | "NDATA" | "DDATA" | "NDEATH" | "DDEATH" | "NCMD" | "DCMD";

/** What one message says. */
export type Said =
  | {
      readonly kind: "sparkplug";
      readonly verb: Verb;
      readonly group: string;
      readonly edgeNode: string;
      readonly device: string | undefined;
      readonly timeMs: number | undefined;
      readonly seq: number | undefined;
      /** what is not as it should be after the messages before */
      readonly notes: readonly string[];
      readonly metrics: readonly SaidMetric[];
    }
  | { readonly kind: "state"; readonly host: string; readonly online: boolean; readonly timeMs: number | undefined }
  | { readonly kind: "json"; readonly topic: string; readonly timeMs: number | undefined; readonly body: object }
  /** an empty retained message takes back the one before */
  | { readonly kind: "cleared"; readonly topic: string };

/** Why a message says nothing. */
export interface Unsaid {
  readonly refusal: "TELEMETRY_TOPIC_UNKNOWN" | "TELEMETRY_PAYLOAD_MALFORMED" | "TELEMETRY_PAYLOAD_LIMIT";
  readonly message: string;
}
