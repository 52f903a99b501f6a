import type { DigitalIo, InputListener } from "../hal/digital-io.ts";
import { HalError } from "../hal/error.ts";

/** A housing in memory: its hands turn switches, its eyes see lamps. */
export interface MemoryDigitalIo extends DigitalIo {
  /** Sets the level of an input, as the world would. */
  drive(line: string, high: boolean): void;
  /** The level an output was last set to; undefined before that. */
  levelOf(line: string): boolean | undefined;
}

/** @param lines that exist; all of them low at first */
export function memoryDigitalIo(lines: readonly string[] = []): MemoryDigitalIo {
  const inputs = new Map(lines.map((line) => [line, { high: false, listeners: new Set<InputListener>() }]));
  const outputs = new Map<string, boolean>();
  const known = (line: string) => {
    const found = inputs.get(line);
    if (found === undefined) throw new HalError("HAL_LINE_UNKNOWN", `no line ${line}`);
    return found;
  };
  return {
    async openInput(line, listener) {
      const input = known(line);
      input.listeners.add(listener);
      listener.level(input.high);
      return { [Symbol.asyncDispose]: async () => void input.listeners.delete(listener) };
    },
    async openOutput(line) {
      known(line);
      return {
        async set(high) {
          outputs.set(line, high);
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    drive(line, high) {
      const input = known(line);
      if (input.high === high) return;
      input.high = high;
      for (const listener of input.listeners) listener.level(high);
    },
    levelOf: (line) => outputs.get(line),
  };
}
