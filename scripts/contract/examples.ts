import type { Received } from "../../simulator/broker/index.ts";
import { CONTRACT_SCHEMAS } from "./schemas.ts";

/** One message as a gateway published it. */
export interface Example {
  readonly name: string;
  readonly summary: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Examples of each management message, the most telling first. */
export type Examples = ReadonlyMap<string, readonly Example[]>;

type Pick = readonly [name: string, summary: string, isIt: (payload: Example["payload"]) => boolean];

const PICKS: Readonly<Record<string, readonly Pick[]>> = {
  health: [
    [
      "trouble",
      "A field device stopped answering.",
      ({ online, field }) => online === true && Object.keys(faultsOf(field)).length > 0,
    ],
    ["goodbye", "The last word before a deliberate DISCONNECT.", ({ online }) => online === false],
  ],
  version: [["running", "After connecting.", () => true]],
  config: [
    ["refused", "A newer file was refused.", ({ configReport }) => configReport !== null],
    ["running", "The newest file is the one that runs.", ({ configReport }) => configReport === null],
  ],
  mark: [["values", "Values of several sources.", ({ sources }) => Object.keys(sources as object).length > 1]],
};

/** Chooses from what a gateway published. @throws {TypeError} where it never published what is to be shown */
export function examplesOf(session: readonly Received[]): Examples {
  return new Map(
    CONTRACT_SCHEMAS.map(({ name }) => {
      const heard = session
        .filter(({ topic }) => topic.startsWith("holdfast/") && topic.endsWith(`/${name}`))
        .map(({ payload }) => JSON.parse(Buffer.from(payload).toString("utf8")) as Example["payload"]);
      return [name, (PICKS[name] ?? []).map((pick) => exampleOf(name, pick, heard))];
    }),
  );
}

function exampleOf(kind: string, [name, summary, isIt]: Pick, heard: readonly Example["payload"][]): Example {
  const payload = heard.findLast(isIt);
  if (payload === undefined) throw new TypeError(`the session has no ${kind} for ${name}`);
  // the one thing that depends on the machine this runs on
  return {
    name,
    summary,
    payload: "runtime" in payload ? { ...payload, runtime: "node 24.1.0 linux-arm64" } : payload,
  };
}

function faultsOf(field: unknown): object {
  return (field as { readonly faults?: object } | undefined)?.faults ?? {};
}
