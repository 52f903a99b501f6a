import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { freePort } from "./free-port.ts";

/** PEM files of one party. */
export interface Credentials {
  readonly anchorsPath: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

export interface MosquittoOptions {
  /** for its configuration and ACL; the caller's to remove */
  readonly folder: string;
  readonly credentials: Credentials;
  /** Mosquitto's own format; the user is the common name of the client's certificate */
  readonly acl: string;
}

/** A real broker on a loopback port: TLS 1.3, a client certificate from everyone, and what the ACL allows. */
export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A line of its log of this start, past or to come. */
  logged(pattern: RegExp): Promise<string>;
  /** Replaces the ACL file and has it read again. */
  setAcl(acl: string): Promise<void>;
}

export async function startMosquitto(options: MosquittoOptions): Promise<Mosquitto> {
  const port = await freePort();
  const aclPath = join(options.folder, "acl");
  const configPath = join(options.folder, "mosquitto.conf");
  await writeFile(aclPath, options.acl, { mode: 0o600 });
  await writeFile(configPath, configuration(options, port, aclPath));
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = startChild("mosquitto", ["-c", configPath]);
    await child.line(/mosquitto version \S+ running/);
  };
  const stop = async (): Promise<void> => {
    await child?.stop();
    child = undefined;
  };
  await start();
  return {
    port,
    start,
    stop,
    logged: (pattern) => child?.line(pattern) ?? Promise.reject(new Error("the broker is stopped")),
    async setAcl(acl) {
      await writeFile(aclPath, acl, { mode: 0o600 });
      const reloaded = child?.line(/Reloading config/);
      if (child !== undefined) process.kill(child.pid, "SIGHUP");
      await reloaded;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function configuration(options: MosquittoOptions, port: number, aclPath: string): string {
  const { anchorsPath, certificatePath, keyPath } = options.credentials;
  return `user ${userInfo().username}
listener ${port} 127.0.0.1
allow_anonymous false
require_certificate true
use_identity_as_username true
tls_version tlsv1.3
cafile ${anchorsPath}
certfile ${certificatePath}
keyfile ${keyPath}
acl_file ${aclPath}
persistence false
log_dest stderr
log_type all
connection_messages true
`;
}
