import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { freePort } from "./free-port.ts";

export interface SnmpUser {
  readonly name: string;
  readonly authentication: "SHA-256" | "SHA-512";
  readonly authenticationPassphrase: string;
  readonly privacy: "AES" | "AES-256";
  readonly privacyPassphrase: string;
}

/** A real snmptrapd on a loopback port, which takes authenticated and encrypted informs alone. */
export interface Snmptrapd extends AsyncDisposable {
  readonly port: number;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** A line for each inform of all its starts: `name=value` for each object, separated by `|`. */
  lines(): readonly string[];
}

/** @param folder for its files; the caller's to remove */
export async function startSnmptrapd(folder: string, user: SnmpUser): Promise<Snmptrapd> {
  const own = join(folder, "snmptrapd");
  await mkdir(own);
  const port = await freePort();
  const configPath = join(own, "snmptrapd.conf");
  await writeFile(
    configPath,
    `createUser ${user.name} ${user.authentication} "${user.authenticationPassphrase}" ${user.privacy} "${user.privacyPassphrase}"
authUser log ${user.name} priv
format2 INFORM %V|%v\\n
`,
  );
  const env = { ...process.env, MIBDIRS: MIB_FOLDERS.join(":"), MIBS: "HOLDFAST-MIB", SNMP_PERSISTENT_DIR: own };
  const seen: string[] = [];
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = startChild(
      "snmptrapd",
      ["-f", "-C", "-c", configPath, "-Lo", "-F", "INFORM %V|%v\\n", "-OQs", `udp:127.0.0.1:${port}`],
      { env },
    );
    child.onLine((line) => void (line.startsWith("INFORM ") && seen.push(line)));
    await child.line(/NET-SNMP version/);
  };
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    await child?.stop(signal);
    child = undefined;
  };
  await start();
  return { port, start, stop, lines: () => seen, [Symbol.asyncDispose]: () => stop() };
}

/** The modules that ours needs come with the library; Debian keeps them elsewhere, since their text is not free. */
const MIB_FOLDERS = ["node_modules/net-snmp/lib/mibs", "docs/operate"];
