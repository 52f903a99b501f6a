import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Credentials } from "./mosquitto.ts";

/**
 * A real rsyslogd: syslog over TLS on a loopback port, into a file, whose lines are what it understood. It talks to
 * nobody without a certificate: what its GnuTLS driver calls anonymous has no certificates at all.
 */
export interface Rsyslog extends AsyncDisposable {
  readonly port: number;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Not answering, and not gone: the process is stopped by the kernel. */
  freeze(): void;
  thaw(): void;
  lines(): Promise<readonly string[]>;
  /** what it says of itself */
  said(): readonly string[];
}

/** What it writes of each message: severity, application, message id, structured data, and the text. */
const TEMPLATE = "%syslogseverity-text%|%hostname%|%app-name%|%msgid%|%structured-data%|%msg%\\n";

/** @param folder for its files; the caller's to remove */
export async function startRsyslog(folder: string, credentials: Credentials): Promise<Rsyslog> {
  const own = join(folder, "rsyslog");
  await mkdir(own);
  const port = await freePort();
  const configPath = join(own, "rsyslog.conf");
  const outPath = join(own, "alarms");
  await writeFile(outPath, "");
  await writeFile(configPath, configuration(own, port, outPath, credentials));
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = startChild("rsyslogd", ["-n", "-f", configPath, "-i", join(own, "pid"), "-C"]);
    await listens(port, child);
  };
  await start();
  const kill = (signal: NodeJS.Signals): void => {
    if (child !== undefined) process.kill(child.pid, signal);
  };
  return {
    port,
    start,
    async stop(signal = "SIGTERM") {
      await child?.stop(signal);
      child = undefined;
    },
    freeze: () => kill("SIGSTOP"),
    thaw: () => kill("SIGCONT"),
    async lines() {
      const text = await readFile(outPath, "utf8");
      return text.split("\n").filter((line) => line !== "");
    },
    said: () => [...(child?.output ?? []), ...(child?.errors ?? [])],
    async [Symbol.asyncDispose]() {
      kill("SIGCONT");
      await child?.stop();
    },
  };
}

function configuration(
  folder: string,
  port: number,
  outPath: string,
  { anchorsPath, certificatePath, keyPath }: Credentials,
): string {
  return `global(workDirectory="${folder}" maxMessageSize="8k"
  defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${anchorsPath}"
  defaultNetstreamDriverCertFile="${certificatePath}"
  defaultNetstreamDriverKeyFile="${keyPath}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
input(type="imtcp" address="127.0.0.1" port="${port}")
template(name="seen" type="string" string="${TEMPLATE}")
action(type="omfile" file="${outPath}" template="seen" asyncWriting="off" flushOnTXEnd="on")
`;
}

async function listens(port: number, child: Child): Promise<void> {
  const { connect } = await import("node:net");
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`rsyslogd never listened; it said:\n${[...child.output, ...child.errors].join("\n")}`);
}
