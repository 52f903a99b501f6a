import { join } from "node:path";
import { vi } from "vitest";
import { PATIENCE_MS } from "../../processes/harness/gateway.ts";
import { startChild } from "../peers/child.ts";
import type { Credentials } from "../peers/mosquitto.ts";
import type { EdgeNode } from "../sparkplug/session.ts";

/** Debian's own: another Python in the path may not have its packages. */
export const DEBIAN_PYTHON = "/usr/bin/python3";

/** A message as the host understood it. */
export interface Understood {
  readonly verb: string;
  readonly device: string | null;
  readonly seq: number | null;
  readonly bdSeq: number | null;
  readonly values: Readonly<Record<string, unknown>>;
}

/** `host.py`: a primary host application in another language, on another client, with another decoder. */
export interface PahoHost extends AsyncDisposable {
  readonly heard: readonly Understood[];
  /** what it found against the specification */
  readonly breaches: readonly string[];
  say(word: "online" | "offline" | "rebirth"): void;
  /** Once what it heard holds true. */
  until(what: string, wanted: (heard: readonly Understood[]) => boolean): Promise<readonly Understood[]>;
}

export async function startPahoHost(options: {
  readonly port: number;
  readonly credentials: Credentials;
  readonly edge: EdgeNode;
  readonly id: string;
  readonly mqtt: "3.1.1" | "5";
}): Promise<PahoHost> {
  const { credentials, edge } = options;
  const args = {
    port: String(options.port),
    ca: credentials.anchorsPath,
    cert: credentials.certificatePath,
    key: credentials.keyPath,
    group: edge.group,
    node: edge.node,
    id: options.id,
    mqtt: options.mqtt,
  };
  const child = startChild(DEBIAN_PYTHON, [
    join(import.meta.dirname, "host.py"),
    ...Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
  const heard: Understood[] = [];
  const breaches: string[] = [];
  child.onLine((line) => {
    const said = JSON.parse(line) as Partial<Understood> & { readonly breach?: string };
    if (said.breach !== undefined) breaches.push(said.breach);
    if (said.verb !== undefined) heard.push(said as Understood);
  });
  await child.line(/^\{"ready": true\}$/u);
  return {
    heard,
    breaches,
    say: (word) => child.write(`${word}\n`),
    until: (what, wanted) =>
      vi.waitFor(
        () => {
          if (!wanted(heard)) {
            const last = heard.slice(-20).map(({ verb, device, seq }) => `${verb} ${device ?? ""} ${seq}`);
            throw new Error(`the host never understood ${what}; ${last.join(", ")}; ${breaches.join("; ")}`);
          }
          return heard;
        },
        { timeout: PATIENCE_MS, interval: 50 },
      ),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
