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
  /** MQTT in WebSocket frames, at any path */
  readonly webSocket?: boolean;
  /** behind something that ends TLS in its place: no TLS, and everybody on this machine may do everything */
  readonly plain?: boolean;
  /** made by `mosquitto_passwd`: the user is who logs in, beside a certificate */
  readonly passwordPath?: string;
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

/** Mosquitto 2.0.11 does not start where its only listener is one for WebSocket: it gets another, which nobody uses. */
function configuration(options: MosquittoOptions, port: number, aclPath: string): string {
  const { anchorsPath, certificatePath, keyPath } = options.credentials;
  const user =
    options.passwordPath === undefined ? "use_identity_as_username true" : `password_file ${options.passwordPath}`;
  const secured = `allow_anonymous false
require_certificate true
${user}
tls_version tlsv1.3
cafile ${anchorsPath}
certfile ${certificatePath}
keyfile ${keyPath}
acl_file ${aclPath}`;
  return `user ${userInfo().username}
listener ${port} 127.0.0.1
${options.webSocket === true ? "protocol websockets" : "protocol mqtt"}
${options.plain === true ? "allow_anonymous true" : secured}
${options.webSocket === true ? `listener 0 ${join(options.folder, `unused-${port}`)}` : ""}
persistence false
log_dest stderr
log_type all
connection_messages true
`;
}
