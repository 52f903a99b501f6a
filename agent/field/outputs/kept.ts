import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import type { Cell } from "../../../hal/storage/cell.ts";
import { STORE_MS } from "../../config/timing/restart.ts";
import type { Log } from "../../contract/log.ts";
import { NOTHING_HELD } from "./state.ts";
import type { OutputsState } from "./state.ts";

const CELL = "outputs";

/** The state of the outputs on disk. Nothing here rejects: the safe direction does not wait for a medium that fails. */
export class Kept {
  /** why the latest state is not on the medium; undefined where it is */
  fault: string | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #disk: Disk;
  readonly #cell: Cell;
  #waiting: OutputsState | undefined;
  #writing: Promise<void> | undefined;

  constructor(disk: Disk, clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#disk = disk;
    this.#cell = openCell(disk, CELL);
  }

  /** Undefined where there never was any; `unreadable` where there may be one that nobody can read. */
  async read(): Promise<OutputsState | undefined | "unreadable"> {
    try {
      const bytes = await this.#cell.read();
      if (bytes !== undefined) return decode(JSON.parse(Buffer.from(bytes).toString("utf8")));
      if (!(await this.#wasWritten())) return undefined;
      throw new SyntaxError("something was stored, and nothing whole is left of it");
    } catch (error) {
      this.#log.error("outputs.state-unreadable", { message: messageOf(error) });
      return "unreadable";
    }
  }

  /** Resolves once it is on the medium, or has failed, or {@link STORE_MS} went by: then it goes on alone. */
  async replace(state: OutputsState): Promise<void> {
    this.#waiting = state;
    this.#writing ??= this.#write();
    const patience = new AbortController();
    await Promise.race([this.#writing, sleep(this.#clock, STORE_MS, patience.signal).catch(() => {})]);
    patience.abort();
  }

  /**
   * A cell without a whole state is as good as new to whoever can do without one. A second file is begun only after a
   * first held a state, and an empty first one is a state that the medium refused: anything else has lost something.
   */
  async #wasWritten(): Promise<boolean> {
    const files = (await this.#disk.list("")).filter((name) => name.startsWith(`${CELL}.`));
    const [only, ...more] = files;
    if (only === undefined) return false;
    if (more.length > 0) return true;
    await using file = await this.#disk.open(only, { create: false });
    return (await file.size()) > 0;
  }

  /** The latest alone: what came between is of no use any more. */
  async #write(): Promise<void> {
    for (let state = this.#waiting; state !== undefined; state = this.#waiting) {
      this.#waiting = undefined;
      try {
        await this.#cell.replace(Buffer.from(JSON.stringify(state)));
        this.fault = undefined;
      } catch (error) {
        this.fault = messageOf(error);
        this.#log.error("outputs.state-not-stored", { message: this.fault });
      }
    }
    this.#writing = undefined;
  }
}

/** We wrote it, and a cell is never torn: what is looked at is whether an older or newer version did. @throws {SyntaxError} */
function decode(value: unknown): OutputsState {
  const { planned, commanded, held } = (value ?? {}) as Partial<OutputsState>;
  const whole = isRecord(planned) && isRecord(commanded) && (held === undefined || Array.isArray(held.outputs));
  if (!whole) throw new SyntaxError("what is stored is of another version");
  return { ...NOTHING_HELD, ...(value as OutputsState) };
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
