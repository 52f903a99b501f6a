import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PemPaths } from "./pki.ts";

const SOURCE = join(import.meta.dirname, "libmosquitto", "publisher.c");
const COMPILER = "gcc";
const FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2"];

export interface PublisherJob {
  readonly port: number;
  readonly material: PemPaths;
  readonly dataTopic: string;
  readonly markTopic: string;
  readonly messages: number;
  readonly dataBytes: number;
  /** messages for each mark */
  readonly markEvery: number;
  readonly markBytes: number;
}

/** Builds the yardstick into `folder`. @returns its path, or undefined where compiler or library are not installed */
export function buildPublisher(folder: string): string | undefined {
  const library = spawnSync("pkg-config", ["--cflags", "--libs", "libmosquitto"], { encoding: "utf8" });
  if (library.status !== 0) return undefined;
  const program = join(folder, "libmosquitto-publisher");
  const libraries = library.stdout.trim().split(/\s+/);
  const built = spawnSync(COMPILER, [...FLAGS, "-o", program, SOURCE, ...libraries], { encoding: "utf8" });
  if (built.error !== undefined) return undefined;
  if (built.status !== 0) throw new Error(`gcc: ${built.stderr}`);
  return program;
}

/** @returns how many seconds the messages took, until the last mark was acknowledged */
export async function publishWithLibmosquitto(
  program: string,
  job: PublisherJob,
  signal: AbortSignal,
): Promise<number> {
  const { port, material, dataTopic, markTopic, messages, dataBytes, markEvery, markBytes } = job;
  const files = [material.anchors, material.certificate, material.key];
  const numbers = [messages, dataBytes, markEvery, markBytes].map(String);
  const args = [String(port), ...files, "bench-libmosquitto", dataTopic, markTopic, ...numbers];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], signal });
  const gone = once(child, "exit");
  let seconds = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "ready") child.stdin.write("\n");
    else seconds = Number(line.replace("seconds ", ""));
  }
  await gone;
  if (Number.isNaN(seconds)) throw new Error(`${program} ended without a result`);
  return seconds;
}
