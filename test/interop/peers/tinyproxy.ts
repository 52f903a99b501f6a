import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";

export interface TinyproxyOptions {
  /** for its configuration; the caller's to remove */
  readonly folder: string;
  /** ports it opens tunnels to; all others are forbidden */
  readonly connectPorts: readonly number[];
  readonly login?: { readonly user: string; readonly password: string };
}

/** A real forward proxy on a loopback port. */
export interface Tinyproxy extends AsyncDisposable {
  readonly port: number;
  /** A line of its log, past or to come. */
  logged(pattern: RegExp): Promise<string>;
}

export async function startTinyproxy({ folder, connectPorts, login }: TinyproxyOptions): Promise<Tinyproxy> {
  const port = await freePort();
  const configPath = join(folder, `tinyproxy-${port}.conf`);
  await writeFile(
    configPath,
    [
      `Port ${port}`,
      "Listen 127.0.0.1",
      "Allow 127.0.0.1",
      "MaxClients 20",
      "LogLevel Info",
      ...connectPorts.map((allowed) => `ConnectPort ${allowed}`),
      ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  const child = startChild("tinyproxy", ["-d", "-c", configPath]);
  await child.line(/Accepting connections/);
  return {
    port,
    logged: (pattern) => child.line(pattern),
    async [Symbol.asyncDispose]() {
      await child.stop();
    },
  };
}
