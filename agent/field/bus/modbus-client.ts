import ModbusSerial from "modbus-serial";

export type CodedError = Error & { readonly modbusCode?: number };
export type Result = { readonly data?: unknown; readonly conformityLevel?: number };
export type Next = (error: CodedError | null, result?: Result) => void;

/** The parts of the library that are used: its own typings miss function 43 and the buffer of a read. */
export interface Client {
  open(opened: () => void): void;
  writeFC1(unit: number, address: number, count: number, next: Next): void;
  writeFC2(unit: number, address: number, count: number, next: Next): void;
  writeFC3(unit: number, address: number, count: number, next: Next): void;
  writeFC4(unit: number, address: number, count: number, next: Next): void;
  writeFC5(unit: number, address: number, on: boolean, next: Next): void;
  writeFC6(unit: number, address: number, value: number, next: Next): void;
  writeFC15(unit: number, address: number, values: readonly boolean[], next: Next): void;
  writeFC16(unit: number, address: number, values: readonly number[], next: Next): void;
  writeFC22(unit: number, address: number, andMask: number, orMask: number, next: Next): void;
  writeFC23(
    unit: number,
    address: number,
    count: number,
    writeAddress: number,
    writeCount: number,
    values: readonly number[],
    next: Next,
  ): void;
  writeFC43(unit: number, access: number, object: number, next: Next): void;
}
export const ModbusClient = ModbusSerial as unknown as new (port: object) => Client;
