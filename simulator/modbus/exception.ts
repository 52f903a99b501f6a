/** @see Modbus application protocol V1.1b3 §7 */
export const EXCEPTION_CODES = {
  illegalFunction: 1,
  illegalDataAddress: 2,
  illegalDataValue: 3,
  serverDeviceFailure: 4,
  acknowledge: 5,
  serverDeviceBusy: 6,
  gatewayTargetFailedToRespond: 11,
} as const;
export type ExceptionCode = (typeof EXCEPTION_CODES)[keyof typeof EXCEPTION_CODES];

/** A device's refusal; it goes out as an exception response. Write hooks of a device throw it too. */
export class ModbusException extends Error {
  readonly exceptionCode: ExceptionCode;
  constructor(exceptionCode: ExceptionCode, message: string) {
    super(message);
    this.name = "ModbusException";
    this.exceptionCode = exceptionCode;
  }
}

/** Request function code with its highest bit set, then the code. */
export function encodeException(functionCode: number, exceptionCode: ExceptionCode): Uint8Array {
  return Uint8Array.of(functionCode | 0x80, exceptionCode);
}
