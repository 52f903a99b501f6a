import { EXCEPTION_CODES, ModbusException } from "./exception.ts";

export const ADDRESS_COUNT = 65_536;

/**
 * Neighbouring addresses that hold one value: one bit, one register, or the registers of a wide value, which are always
 * read and written as one, so that no client ever sees half of an old and half of a new float.
 */
export interface Block {
  /** how many addresses */
  readonly size: number;
  /** `size` numbers: bits as 0 and 1, registers as 0 to 65535 */
  read(): readonly number[];
  /** Absent where clients may only read. @throws {ModbusException} to refuse the values; nothing is written then */
  write?(values: readonly number[]): void;
}

/** One of the four Modbus tables of a device, sparse: whatever was not defined is an illegal data address. */
export class Table {
  readonly #places = new Map<number, { readonly block: Block; readonly offset: number }>();

  /** @throws {RangeError} where the block runs past address 65535 or over another one */
  define(first: number, block: Block): void {
    if (!Number.isInteger(first) || first < 0 || block.size < 1 || first + block.size > ADDRESS_COUNT) {
      throw new RangeError(`block of ${block.size} at ${first} does not fit a Modbus table`);
    }
    for (let offset = 0; offset < block.size; offset++) {
      if (this.#places.has(first + offset)) throw new RangeError(`address ${first + offset} is taken`);
    }
    for (let offset = 0; offset < block.size; offset++) this.#places.set(first + offset, { block, offset });
  }

  /** Plain memory that clients may read and write, one value an address. */
  store(first: number, values: readonly number[]): void {
    values.forEach((value, i) => {
      let kept = value;
      this.define(first + i, { size: 1, read: () => [kept], write: ([next]) => void (kept = next as number) });
    });
  }

  /** @throws {ModbusException} 2 where an address is not defined */
  read(first: number, count: number): number[] {
    const values: number[] = [];
    let previous: Block | undefined;
    let current: readonly number[] = [];
    for (let address = first; address < first + count; address++) {
      const { block, offset } = this.#place(address);
      if (block !== previous) current = block.read();
      previous = block;
      values.push(current[offset] ?? 0);
    }
    return values;
  }

  /**
   * All or nothing as far as addresses go: every one is checked before the first block is written.
   * @throws {ModbusException} 2 where an address is not defined or read only, or whatever a block refuses with
   */
  write(first: number, values: readonly number[]): void {
    const touched = new Map<Block, number[]>();
    values.forEach((value, i) => {
      const { block, offset } = this.#place(first + i);
      if (block.write === undefined) throw illegalAddress(`address ${first + i} is read only`);
      let next = touched.get(block);
      if (next === undefined) touched.set(block, (next = [...block.read()]));
      next[offset] = value;
    });
    for (const [block, next] of touched) block.write?.(next);
  }

  #place(address: number): { readonly block: Block; readonly offset: number } {
    const place = this.#places.get(address);
    if (place === undefined) throw illegalAddress(`address ${address} does not exist here`);
    return place;
  }
}

function illegalAddress(message: string): ModbusException {
  return new ModbusException(EXCEPTION_CODES.illegalDataAddress, message);
}
