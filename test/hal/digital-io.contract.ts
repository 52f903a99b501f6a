import assert from "node:assert/strict";
import type { DigitalIo, InputListener } from "../../hal/digital-io.ts";
import type { ContractCase } from "./contract.ts";

export interface DigitalIoUnderTest {
  readonly io: DigitalIo;
  /** a line that is there, and low */
  readonly line: string;
  /** Sets an input, as the world would. */
  drive(high: boolean): void;
  /** The level of an output, as the world sees it. */
  level(): boolean | undefined;
  /** The line is torn off. */
  fail(): void;
  /** Resolves once `condition` holds: virtual time is advanced, real time passes. */
  until(condition: () => boolean): Promise<void>;
  /** Lets 300 ms pass, in which whatever is to be heard is heard. */
  pass(): Promise<void>;
}

type Use = (work: (under: DigitalIoUnderTest) => Promise<void>) => Promise<void>;

/** @param levelKnown whether the level is known before the first change */
export function digitalInputContract(use: Use, levelKnown = true): ContractCase[] {
  const contractCase = (name: string, work: (under: DigitalIoUnderTest, heard: Heard) => Promise<void>) => ({
    name,
    run: () => use((under) => work(under, listen())),
  });
  const cases = [
    contractCase("an input says at once what level it has", async ({ io, line }, { levels, listener }) => {
      await using _input = await io.openInput(line, listener);
      assert.deepEqual(levels, [false]);
    }),
    contractCase("an input says each change once", async ({ io, line, drive, until, pass }, { levels, listener }) => {
      await using _input = await io.openInput(line, listener);
      for (const [i, high] of [true, false, true].entries()) {
        drive(high);
        await until(() => levels.length === i + 2);
      }
      await pass();
      assert.deepEqual(levels, [false, true, false, true]);
    }),
    contractCase("an input that is closed is silent", async ({ io, line, drive, fail, pass }, heard) => {
      const input = await io.openInput(line, heard.listener);
      await input[Symbol.asyncDispose]();
      await input[Symbol.asyncDispose]();
      drive(true);
      await pass();
      fail();
      await pass();
      assert.deepEqual([heard.levels, heard.failures], [[false], []]);
    }),
    contractCase("an input that is torn off says so once", async ({ io, line, fail, until, pass }, heard) => {
      await using _input = await io.openInput(line, heard.listener);
      fail();
      await until(() => heard.failures.length > 0);
      await pass();
      assert.deepEqual(heard.failures, ["HAL_LINE_FAILED"]);
    }),
    contractCase("an input that does not exist is unknown", async ({ io }, { listener }) => {
      for (const nowhere of ["gpio:999", "carrier:nowhere", "key:nowhere/1", "smoke:1", "gpio:", "carrier:..", "17"]) {
        await assert.rejects(io.openInput(nowhere, listener), { code: "HAL_LINE_UNKNOWN" }, nowhere);
      }
    }),
  ];
  if (!levelKnown) return cases;
  const high = contractCase("an input that is high is high at once", async ({ io, line, drive }, heard) => {
    drive(true);
    await using _input = await io.openInput(line, heard.listener);
    assert.deepEqual(heard.levels, [true]);
  });
  return [...cases, high];
}

export function digitalOutputContract(use: Use): ContractCase[] {
  const contractCase = (name: string, work: (under: DigitalIoUnderTest) => Promise<void>) => ({
    name,
    run: () => use(work),
  });
  return [
    contractCase("an output has the level it is set to", async ({ io, line, level }) => {
      await using output = await io.openOutput(line);
      for (const high of [true, true, false, true]) {
        await output.set(high);
        assert.equal(level(), high);
      }
    }),
    contractCase("neither opening nor closing an output changes it", async ({ io, line, level }) => {
      const first = await io.openOutput(line);
      await first.set(true);
      await first[Symbol.asyncDispose]();
      assert.equal(level(), true);
      await using _second = await io.openOutput(line);
      assert.equal(level(), true);
    }),
    contractCase("an output that is closed cannot be set", async ({ io, line, level }) => {
      const output = await io.openOutput(line);
      await output.set(true);
      await output[Symbol.asyncDispose]();
      await assert.rejects(output.set(false), { code: "HAL_LINE_FAILED" });
      assert.equal(level(), true);
    }),
    contractCase("an output that is torn off says so when it is set", async ({ io, line, fail }) => {
      await using output = await io.openOutput(line);
      fail();
      await assert.rejects(output.set(true), { code: "HAL_LINE_FAILED" });
    }),
    contractCase("an output that does not exist is unknown", async ({ io }) => {
      for (const nowhere of ["gpio:999", "led:nowhere", "led:..", "led:a/b", "carrier:lo", "siren:1"]) {
        await assert.rejects(io.openOutput(nowhere), { code: "HAL_LINE_UNKNOWN" }, nowhere);
      }
    }),
  ];
}

interface Heard {
  readonly levels: boolean[];
  readonly failures: string[];
  readonly listener: InputListener;
}

function listen(): Heard {
  const levels: boolean[] = [];
  const failures: string[] = [];
  const listener: InputListener = {
    level: (high) => void levels.push(high),
    failed: (error) => void failures.push(error.code),
  };
  return { levels, failures, listener };
}
