import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const ANSWER_MS = 30_000;

/** Another process of the bench, written in a `*.process.ts` file: it says one thing when ready, then answers questions. */
export interface Peer<Ready, Answer> extends AsyncDisposable {
  readonly pid: number;
  readonly ready: Ready;
  ask(question: string): Promise<Answer>;
}

/**
 * @param runtime the binary it runs on; the bench's own unless its memory is measured
 * @param answerMs how long it may think about one question
 */
export async function startPeer<Ready, Answer>(
  file: string,
  options: unknown,
  runtime = process.execPath,
  answerMs = ANSWER_MS,
): Promise<Peer<Ready, Answer>> {
  const child = fork(file, [JSON.stringify(options)], {
    execPath: runtime,
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const ready = (await answer(child, file, answerMs)) as Ready;
  return {
    pid,
    ready,
    ask(question) {
      child.send(question);
      return answer(child, file, answerMs) as Promise<Answer>;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function answer(child: ChildProcess, file: string, answerMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      end();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message));
    const onExit = (code: number | null): void => settle(() => reject(new Error(`${file} ended with ${code}`)));
    const timer = setTimeout(() => settle(() => reject(new Error(`${file} did not answer`))), answerMs);
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}
