import { telemetryCommand } from "../../../../agent/cli/telemetry-decode.ts";
import { printed } from "../stand-in-keeper.ts";

/** `topic hex` */
export function captured(topic: string, payload: Uint8Array | string): string {
  return `${topic} ${Buffer.from(payload).toString("hex")}`;
}

/** What `holdfast telemetry decode` makes of these lines. */
export async function decoded(lines: readonly string[], args: readonly string[] = []) {
  return decodedBytes([Buffer.from(`${lines.join("\n")}\n`)], args);
}

/** The same of bytes as they come in. */
export async function decodedBytes(chunks: readonly Uint8Array[], args: readonly string[] = []) {
  const { io, said } = printed();
  const opened: (string | undefined)[] = [];
  const open = async function* (path: string | undefined): AsyncGenerator<Uint8Array> {
    opened.push(path);
    if (path === "missing") throw Object.assign(new Error("ENOENT: no such file, open 'missing'"), { code: "ENOENT" });
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  };
  const code = await telemetryCommand(["decode", ...args], { ...io, open, gone: new AbortController().signal });
  return { code, opened, out: said.out, err: said.err };
}
