import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TlsMaterial } from "../../hal/tls.ts";
import { quoted } from "./words.ts";

const HOST = "127.0.0.1";
const SYSLOG_PORT = 16_514;
const SNMP_PORT = 10_162;
const USER = "holdfast";
const ROOT = join(import.meta.dirname, "..", "..");
/** The modules that ours imports come with the library; ours is in the documentation. */
const MIB_FOLDERS = [join(ROOT, "node_modules", "net-snmp", "lib", "mibs"), join(ROOT, "docs", "operate")];
/** Debian keeps daemons where only root looks. */
const FIND_DAEMONS = "PATH=$PATH:/usr/sbin";

/** Two receivers of alarms that a person starts in another terminal, as they come from Debian. */
export interface DemoReceivers {
  /** the `notify:` of the gateway's file */
  readonly config: string;
  /** scripts of the demo's folder that start them, by their names */
  readonly names: readonly string[];
}

/** Writes what rsyslogd and snmptrapd want to read. @param secrets two passphrases, fresh for each demo */
export async function writeReceivers(
  demoFolder: string,
  material: TlsMaterial,
  secrets: { readonly authentication: string; readonly privacy: string },
): Promise<DemoReceivers> {
  const folder = join(demoFolder, "receivers");
  await mkdir(folder, { mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  const write = (name: string, text: string): Promise<void> => writeFile(file(name), text, { mode: 0o600 });
  await write("ca.pem", material.anchors);
  await write("server.pem", material.certificate);
  await write("server.key", material.key);
  await write("authentication", `${secrets.authentication}\n`);
  await write("privacy", `${secrets.privacy}\n`);
  await write("rsyslog.conf", rsyslogText(folder));
  await write(
    "snmptrapd.conf",
    `createUser ${USER} SHA-256 "${secrets.authentication}" AES "${secrets.privacy}"\nauthUser log ${USER} priv\n`,
  );
  await write("alarms.log", "");
  await writeFile(join(demoFolder, "syslog"), syslogScript(file), { mode: 0o600 });
  await writeFile(join(demoFolder, "snmp"), snmpScript(folder, file), { mode: 0o600 });
  return {
    config: `
notify:
  - name: control-room
    syslog:
      host: ${HOST}
      port: ${SYSLOG_PORT}
      anchors: ${JSON.stringify(file("ca.pem"))}
      certificate: ${JSON.stringify(join(demoFolder, "gateway.pem"))}
      key: ${JSON.stringify(join(demoFolder, "gateway.key"))}
  - name: network-management
    snmp:
      host: ${HOST}
      port: ${SNMP_PORT}
      user: ${USER}
      authenticationFile: ${JSON.stringify(file("authentication"))}
      privacyFile: ${JSON.stringify(file("privacy"))}
`,
    names: ["syslog", "snmp"],
  };
}

/** The daemon writes a file; whoever started it sees what comes, and ends both with Ctrl-C. */
function syslogScript(file: (name: string) => string): string {
  const [conf = "", pid = "", log = ""] = ["rsyslog.conf", "rsyslog.pid", "alarms.log"].map((name) =>
    quoted(file(name)),
  );
  return `${FIND_DAEMONS}
rsyslogd -n -C -f ${conf} -i ${pid} &
daemon=$!
tail -n +1 -F ${log} &
trap "kill $daemon $!" EXIT
trap 'exit 0' INT TERM HUP
wait $daemon
`;
}

function snmpScript(folder: string, file: (name: string) => string): string {
  return `${FIND_DAEMONS}
export MIBDIRS=${quoted(MIB_FOLDERS.join(":"))} MIBS=SNMPv2-MIB:HOLDFAST-MIB SNMP_PERSISTENT_DIR=${quoted(folder)}
exec snmptrapd -f -C -c ${quoted(file("snmptrapd.conf"))} -Lo -OQs -F '%V|%v\\n' udp:${HOST}:${SNMP_PORT}
`;
}

/** It asks for a certificate: without, its TLS library falls back to 1.2, which the gateway does not speak here. */
function rsyslogText(folder: string): string {
  const file = (name: string): string => join(folder, name);
  return `global(workDirectory="${folder}" defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${file("ca.pem")}"
  defaultNetstreamDriverCertFile="${file("server.pem")}"
  defaultNetstreamDriverKeyFile="${file("server.key")}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
input(type="imtcp" address="${HOST}" port="${SYSLOG_PORT}")
template(name="line" type="string" string="%timereported% %syslogseverity-text% %msgid% %msg%\\n")
action(type="omfile" file="${file("alarms.log")}" template="line" asyncWriting="off" flushOnTXEnd="on")
`;
}
