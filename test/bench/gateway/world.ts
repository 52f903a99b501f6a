import { join } from "node:path";
import { copyRuntime } from "../machine/runtime-copy.ts";
import { scratchFolder } from "../machine/scratch.ts";
import { startBroker } from "../peers/broker.ts";
import type { BenchBroker } from "../peers/broker.ts";
import { writePki } from "../peers/pki.ts";
import type { BenchPki } from "../peers/pki.ts";

/** What every case with a gateway needs: a folder, certificates, a broker, and a runtime nobody else uses. */
export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly pki: BenchPki;
  readonly broker: BenchBroker;
  /** the gateway's own copy of the binary */
  readonly runtime: string;
  readonly entry: string;
}

export async function openWorld(entry: string): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(scratchFolder()).path;
  const pki = writePki(join(folder, "pki"));
  const broker = opened.use(await startBroker(folder, pki.broker));
  const runtime = copyRuntime(folder);
  const all = opened.move();
  return { folder, pki, broker, runtime, entry, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
