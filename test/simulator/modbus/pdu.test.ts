import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeValue,
  EXCEPTION_CODES,
  encodeValue,
  ModbusDevice,
  ModbusException,
} from "../../../simulator/modbus/index.ts";
import type { Layout } from "../../../simulator/modbus/index.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { crc16 } from "../../../simulator/modbus/crc.ts";
import { PDU_BYTES_MAX } from "../../../simulator/modbus/request.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

function device(
  options: { functions?: readonly number[]; identification?: Record<number, string> } = {},
): ModbusDevice {
  return new ModbusDevice({ unit: 1, clock: virtualClock(), entropy: seededEntropy(1), ...options });
}

const bits = (text: string): number[] => Array.from(text.replaceAll(" ", ""), Number);

/** What the examples of the specification assume the server to hold. */
function specificationDevice(): ModbusDevice {
  const server = device({ identification: { 0: "Company identification", 1: "Product code XX", 2: "V2.11" } });
  server.coils.store(19, bits("1011 0011 1101 0110 101")); // 27-20: CD, 35-28: 6B, 38-36: 5, lowest first
  server.discreteInputs.store(196, bits("0011 0101 1101 1011 1010 11"));
  server.coils.store(172, [0]);
  server.holdingRegisters.store(107, [555, 0, 100]);
  server.inputRegisters.store(8, [10]);
  server.holdingRegisters.store(1, [0, 0, 0x00fe, 0x0012, 0x0001, 0x0003, 0x000d, 0x00ff]);
  server.holdingRegisters.store(14, [0, 0, 0]);
  return server;
}

// Modbus application protocol specification V1.1b3, the example of each function
test.each([
  ["read coils §6.1", "01 0013 0013", "01 03 cd6b05"],
  ["read discrete inputs §6.2", "02 00c4 0016", "02 03 acdb35"],
  ["read holding registers §6.3", "03 006b 0003", "03 06 022b 0000 0064"],
  ["read input registers §6.4", "04 0008 0001", "04 02 000a"],
  ["write single coil §6.5", "05 00ac ff00", "05 00ac ff00"],
  ["write single register §6.6", "06 0001 0003", "06 0001 0003"],
  ["write multiple coils §6.11", "0f 0013 000a 02 cd01", "0f 0013 000a"],
  ["write multiple registers §6.12", "10 0001 0002 04 000a 0102", "10 0001 0002"],
  ["mask write register §6.16", "16 0004 00f2 0025", "16 0004 00f2 0025"],
])("answers the specification's example: %s", (_, request, response) => {
  expect(hex(specificationDevice().answer(bytesOf(request)))).toBe(hex(bytesOf(response)));
});

test("mask write combines as the specification's example does: 12, F2, 25 give 17 hex", () => {
  const server = specificationDevice();
  server.answer(bytesOf("16 0004 00f2 0025"));
  expect(server.holdingRegisters.read(4, 1)).toEqual([0x17]);
});

test("read/write multiple answers the specification's example §6.17", () => {
  const server = device();
  server.holdingRegisters.store(3, [0x00fe, 0x0acd, 0x0001, 0x0003, 0x000d, 0x00ff]);
  server.holdingRegisters.store(14, [0, 0, 0]);
  const reply = server.answer(bytesOf("17 0003 0006 000e 0003 06 00ff 00ff 00ff"));
  expect(hex(reply)).toBe(hex(bytesOf("17 0c 00fe 0acd 0001 0003 000d 00ff")));
  expect(server.holdingRegisters.read(14, 3)).toEqual([0xff, 0xff, 0xff]);
});

test("read device identification gives the three basic objects §6.21", () => {
  const reply = Buffer.from(specificationDevice().answer(bytesOf("2b 0e 01 00")));
  expect(hex(reply.subarray(0, 9))).toBe("2b0e01810000030016");
  expect(reply.subarray(9).toString("latin1")).toBe(
    "Company identification\u0001\u000fProduct code XX\u0002\u0005V2.11",
  );
});

test("a long identification goes on in a second response", () => {
  const server = device({ identification: { 0: "a".repeat(200), 1: "b".repeat(100), 2: "c" } });
  const first = server.answer(bytesOf("2b 0e 01 00"));
  expect([...first.subarray(4, 7)]).toEqual([0xff, 1, 1]);
  const second = server.answer(bytesOf("2b 0e 01 01"));
  expect([...second.subarray(4, 7)]).toEqual([0, 0, 2]);
});

test.each([
  ["an unknown function", "63 0000", EXCEPTION_CODES.illegalFunction],
  ["an address that is not there", "03 0000 0001", EXCEPTION_CODES.illegalDataAddress],
  ["a range that leaves the defined one", "03 006b 0004", EXCEPTION_CODES.illegalDataAddress],
  ["a range past the end of the table", "03 ffff 0002", EXCEPTION_CODES.illegalDataAddress],
  ["nothing asked for", "03 006b 0000", EXCEPTION_CODES.illegalDataValue],
  ["more than 125 registers", "03 006b 007e", EXCEPTION_CODES.illegalDataValue],
  ["more than 2000 bits", "01 0013 07d1", EXCEPTION_CODES.illegalDataValue],
  ["a coil that is neither on nor off", "05 00ac 0001", EXCEPTION_CODES.illegalDataValue],
  ["a byte count that lies", "10 0001 0002 03 000a 01", EXCEPTION_CODES.illegalDataValue],
  ["a request cut short", "03 006b", EXCEPTION_CODES.illegalDataValue],
  ["another MEI type", "2b 0d 01 00", EXCEPTION_CODES.illegalFunction],
  ["an unknown read device id code", "2b 0e 05 00", EXCEPTION_CODES.illegalDataValue],
  ["an identification object that is not there", "2b 0e 04 63", EXCEPTION_CODES.illegalDataAddress],
])("refuses %s with its exception", (_, request, code) => {
  const pdu = bytesOf(request);
  expect([...specificationDevice().answer(pdu)]).toEqual([(pdu[0] as number) | 0x80, code]);
});

test("a refused multiple write leaves every register as it was", () => {
  const server = specificationDevice();
  server.answer(bytesOf("10 0007 0003 06 0001 0002 0003")); // 9 does not exist
  expect(server.holdingRegisters.read(7, 2)).toEqual([0x000d, 0x00ff]);
  server.answer(bytesOf("17 0000 0001 0001 0001 02 0063")); // the read half is refused
  expect(server.holdingRegisters.read(1, 1)).toEqual([0]);
});

test("a device that does not know a function says so", () => {
  const server = device({ functions: [3] });
  expect([...server.answer(bytesOf("06 0000 0000"))]).toEqual([0x86, 1]);
});

test("the CRC is the specification's: 02 07 gives 1241 hex", () => {
  expect(crc16(Uint8Array.of(0x02, 0x07))).toBe(0x1241); // Modbus over serial line V1.02 appendix B
});

test("values survive their registers in every order", () => {
  const layouts: readonly [Layout, number | bigint | string][] = [
    [{ type: "int16" }, -12_345],
    [{ type: "uint32", wordOrder: "little" }, 4_000_000_000],
    [{ type: "int32", byteOrder: "little" }, -2_000_000_000],
    [{ type: "uint64", wordOrder: "little" }, 18_000_000_000_000_000_000n],
    [{ type: "int64" }, -5n],
    [{ type: "float32", wordOrder: "little", byteOrder: "little" }, 1.5],
    [{ type: "float64" }, Math.PI],
    [{ type: "string", length: 6 }, "station 7"],
  ];
  for (const [layout, value] of layouts) expect(decodeValue(layout, encodeValue(layout, value))).toBe(value);
  expect(encodeValue({ type: "float32" }, 1)).toEqual([0x3f80, 0]);
  expect(encodeValue({ type: "float32", wordOrder: "little" }, 1)).toEqual([0, 0x3f80]);
});

test("no bytes make a device throw or answer more than a PDU", () => {
  const server = specificationDevice();
  const functionCode = fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16, 22, 23, 43);
  const shaped = fc
    .tuple(functionCode, fc.uint8Array({ maxLength: 20 }))
    .map(([code, rest]) => Uint8Array.of(code, ...rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: PDU_BYTES_MAX + 10 }), shaped), (pdu) => {
      const reply = server.answer(pdu);
      expect(reply.length >= 2 && reply.length <= PDU_BYTES_MAX).toBe(true);
    }),
    { numRuns: 100_000 },
  );
});

test("a block that refuses a value answers with its exception", () => {
  const server = device();
  server.holdingRegisters.define(0, {
    size: 1,
    read: () => [0],
    write: () => {
      throw new ModbusException(EXCEPTION_CODES.serverDeviceFailure, "jammed");
    },
  });
  expect([...server.answer(bytesOf("06 0000 0001"))]).toEqual([0x86, 4]);
});
