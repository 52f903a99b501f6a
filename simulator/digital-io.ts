import type { DigitalIo, InputListener } from "../hal/digital-io.ts";
import { HalError } from "../hal/error.ts";

/** A housing in memory: its hands turn switches, its eyes see lamps. */
export interface MemoryDigitalIo extends DigitalIo {
  /** Sets the level of an input, as the world would. */
  drive(line: string, high: boolean): void;
  /** The level an output was last set to; undefined before that, and once it was torn off. */
  levelOf(line: string): boolean | undefined;
  /** How many have it open as an input. */
  readersOf(line: string): number;
  /** The line is torn off: whoever reads it is told, and nobody can open or set it. */
  fail(line: string): void;
  /** Its driver hangs: nobody who opens or sets it from now on gets an answer, until {@link restore}. */
  hang(line: string): void;
  /** It is there again, low, and what hung goes on. */
  restore(line: string): void;
}

interface Line {
  high: boolean;
  failed: boolean;
  hanging: PromiseWithResolvers<void> | undefined;
  readonly listeners: Set<InputListener>;
}

/** @param lines that exist; all of them low at first */
export function memoryDigitalIo(lines: readonly string[] = []): MemoryDigitalIo {
  const inputs = new Map(
    lines.map((line): [string, Line] => [
      line,
      { high: false, failed: false, hanging: undefined, listeners: new Set() },
    ]),
  );
  const outputs = new Map<string, boolean>();
  const known = (line: string): Line => {
    const found = inputs.get(line);
    if (found === undefined) throw new HalError("HAL_LINE_UNKNOWN", `no line ${line}`);
    return found;
  };
  const opened = (line: string): Line => {
    const found = known(line);
    if (found.failed) throw new HalError("HAL_LINE_UNKNOWN", `${line} is torn off`);
    return found;
  };
  return {
    async openInput(line, listener) {
      const input = opened(line);
      if (input.hanging !== undefined) await input.hanging.promise;
      // one of its own for each opening, whoever listens
      const mine: InputListener = { level: (high) => listener.level(high), failed: (error) => listener.failed(error) };
      input.listeners.add(mine);
      listener.level(input.high);
      return { [Symbol.asyncDispose]: async () => void input.listeners.delete(mine) };
    },
    async openOutput(line) {
      const output = opened(line);
      if (output.hanging !== undefined) await output.hanging.promise;
      let open = true;
      return {
        async set(high) {
          if (output.hanging !== undefined) await output.hanging.promise;
          if (!open || output.failed) throw new HalError("HAL_LINE_FAILED", `${line} does not work any more`);
          outputs.set(line, high);
        },
        async [Symbol.asyncDispose]() {
          open = false;
        },
      };
    },
    drive(line, high) {
      const input = known(line);
      if (input.high === high) return;
      input.high = high;
      for (const listener of input.listeners) listener.level(high);
    },
    levelOf: (line) => outputs.get(line),
    readersOf: (line) => known(line).listeners.size,
    fail(line) {
      const input = known(line);
      const listeners = [...input.listeners];
      input.failed = true;
      outputs.delete(line);
      input.listeners.clear();
      for (const listener of listeners) listener.failed(new HalError("HAL_LINE_FAILED", `${line} is torn off`));
    },
    hang(line) {
      known(line).hanging ??= Promise.withResolvers<void>();
    },
    restore(line) {
      const input = known(line);
      input.hanging?.resolve();
      input.hanging = undefined;
      input.failed = false;
      input.high = false;
    },
  };
}
