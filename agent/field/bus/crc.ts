/** CRC-16 of Modbus over serial line V1.02 §6.2.2: polynomial 0xA001 reflected, preset 0xFFFF. */
export const CRC_PRESET = 0xffff;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** One more byte. A whole frame with its own CRC, low byte first, ends at 0. */
export function crcStep(crc: number, byte: number): number {
  return (crc >> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
}

export function crcOf(bytes: Uint8Array, from: number, to: number): number {
  let crc = CRC_PRESET;
  for (let i = from; i < to; i++) crc = crcStep(crc, bytes[i] as number);
  return crc;
}
