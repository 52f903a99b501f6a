import type { Log } from "../../agent/contract/log.ts";

/** What the gateway would warn of in its log, as one line for whoever watches the demo. */
export function warningsLog(say: (text: string) => void): Log {
  const print = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const words = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    say([event, ...words].join(" "));
  };
  return { debug() {}, info() {}, warn: print, error: print };
}
