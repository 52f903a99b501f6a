import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Lines kept of each stream: enough to explain a failure, and no test prints more. */
const LINES_MAX = 200_000;
/** How long a process that was asked to leave may take before it is killed, and the test fails. */
const LEAVE_MS = 10_000;

/** A real process that a test started, and ends by its own id whatever becomes of the test. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  readonly output: readonly string[];
  readonly errors: readonly string[];
  /** Every line of standard output from now on. */
  onLine(listener: (line: string) => void): void;
  write(text: string): void;
  /** The first line of either stream, past or to come, that matches. Rejects once the process has ended without it. */
  line(pattern: RegExp): Promise<string>;
  /** Sends the signal and resolves with the exit code, or the name of the signal, once the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
  /** Resolves with the exit code or the name of the signal. */
  readonly ended: Promise<number | string>;
}

export function startChild(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Child {
  const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "pipe"], ...options });
  const output: string[] = [];
  const errors: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const listeners = new Set<(line: string) => void>();
  const keep = (lines: string[]) => (line: string) => {
    if (lines.length < LINES_MAX) lines.push(line);
    for (const watcher of watchers) watcher(line);
    if (lines === output) for (const listener of listeners) listener(line);
  };
  createInterface({ input: child.stdout }).on("line", keep(output));
  createInterface({ input: child.stderr }).on("line", keep(errors));
  child.stdin.on("error", () => {});
  let failure: Error | undefined;
  child.on("error", (error) => {
    failure = error;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? code ?? -1));
  });
  const said = (): string => [...output.slice(-20), ...errors.slice(-20)].join("\n");

  async function stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const killer = setTimeout(() => child.kill("SIGKILL"), LEAVE_MS);
    const how = await ended;
    clearTimeout(killer);
    return how;
  }

  return {
    pid: child.pid ?? -1,
    output,
    errors,
    ended,
    onLine: (listener) => void listeners.add(listener),
    write: (text) => void child.stdin.write(text),
    line(pattern) {
      const past = [...output, ...errors].find((line) => pattern.test(line));
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const watcher = (line: string): void => {
          if (!pattern.test(line)) return;
          watchers.delete(watcher);
          resolve(line);
        };
        watchers.add(watcher);
        void ended.then((how) => {
          watchers.delete(watcher);
          const why = failure === undefined ? `ended (${how})` : failure.message;
          reject(new Error(`${command} ${why} and never said ${String(pattern)}; it said:\n${said()}`));
        });
      });
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs to the end. */
export async function runChild(
  command: string,
  args: readonly string[],
  input: string | Uint8Array = "",
): Promise<{ readonly code: number | string; readonly output: string; readonly errors: string }> {
  const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "pipe"] });
  const chunks: { output: Buffer[]; errors: Buffer[] } = { output: [], errors: [] };
  child.stdout.on("data", (chunk: Buffer) => chunks.output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.errors.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return {
    code: signal ?? code ?? -1,
    output: Buffer.concat(chunks.output).toString("utf8"),
    errors: Buffer.concat(chunks.errors).toString("utf8"),
  };
}
