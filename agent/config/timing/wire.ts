import { characterMs } from "../../../hal/serial.ts";
import type { BusSnapshot, SerialTransport } from "../snapshot.ts";

const SILENT_CHARACTERS = 3.5;
/** Above this the standard fixes the silence instead of following the character. */
const BAUD_RATE_OF_FIXED_SILENCE = 19_200;
const FIXED_SILENCE_MS = 1.75;
/** Unit id and CRC. */
const RTU_EXTRA_BYTES = 3;
/** Unit id and LRC, which are two characters each. */
const ASCII_EXTRA_BYTES = 2;
/** `:`, CR and LF. */
const ASCII_MARKS = 3;

/** How long frames occupy a line or socket. */
export interface Wire {
  /** Milliseconds of one frame around so many bytes of PDU. */
  frameMs(pduBytes: number): number;
  /** before each frame, request and reply alike */
  readonly silenceMs: number;
}

/** A socket is never what there is too little of: its frames take no time of their own. */
const SOCKET: Wire = { frameMs: () => 0, silenceMs: 0 };

export function wireOf(transport: BusSnapshot["transport"]): Wire {
  if (transport.kind === "tcp") return SOCKET;
  const character = characterMs(transport);
  if (transport.framing === "ascii")
    return { frameMs: (pdu) => (ASCII_MARKS + 2 * (pdu + ASCII_EXTRA_BYTES)) * character, silenceMs: 0 };
  return { frameMs: (pdu) => (pdu + RTU_EXTRA_BYTES) * character, silenceMs: rtuSilenceMs(transport) };
}

/** Silence between frames. @see Modbus over serial line V1.02 §2.5.1.1 */
function rtuSilenceMs(transport: SerialTransport): number {
  if (transport.baudRate > BAUD_RATE_OF_FIXED_SILENCE) return FIXED_SILENCE_MS;
  return SILENT_CHARACTERS * characterMs(transport);
}
