import type { Disk } from "../disk.ts";

/** Largest state a cell holds. A gateway configuration of 800 devices compiles to well under this. */
export const CELL_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Small state replaced as one: after a power cut at any instant a cell reads as the old state or the new, never torn,
 * never neither. Once `replace` has resolved it is the new one.
 */
export interface Cell {
  /** The latest whole state, or undefined where none was ever written. */
  read(): Promise<Uint8Array | undefined>;
  /** Calls are taken one after another. @throws {HalError} `HAL_CELL_SIZE`, `HAL_DISK_FULL`, `HAL_DISK_FAILED`: the old state stays */
  replace(state: Uint8Array): Promise<void>;
}

/** @param name kebab-case; the cell owns every file in the disk's root whose name starts with it and a dot */
export declare function openCell(disk: Disk, name: string): Cell;
