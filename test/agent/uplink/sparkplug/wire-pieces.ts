import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import { PAYLOAD } from "../../../../agent/uplink/sparkplug/payload.ts";

/** A metric whose field holds these bytes. */
export function around(field: number, content: Uint8Array): Uint8Array {
  const writer = new BinaryWriter().tag(PAYLOAD.metrics, WireType.LengthDelimited).fork();
  return writer.tag(field, WireType.LengthDelimited).bytes(content).join().finish();
}
export const text = (field: number, value: string): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).string(value).finish();
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
/** The code of the refusal, or that there is none. */
export const refusal = (bytes: Uint8Array): unknown => {
  const decoded = decodePayload(bytes);
  return "refusal" in decoded ? decoded.refusal : "decoded";
};
