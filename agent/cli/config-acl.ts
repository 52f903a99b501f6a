import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileConfig, formatReport } from "../config/index.ts";
import type { UplinkSnapshot } from "../config/snapshot.ts";
import { gatewayGrants, hostGrants } from "../contract/grants.ts";
import type { Names } from "../contract/grants.ts";
import { emqxUser } from "./acl/emqx.ts";
import { commonNameOf, isAclName } from "./acl/identity.ts";
import { mosquittoUser } from "./acl/mosquitto.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { FileIo } from "./io.ts";
import { diskParts } from "./read-part.ts";

const WRITERS = { mosquitto: mosquittoUser, emqx: emqxUser } as const;
const USAGE = "config acl wants --broker mosquitto|emqx [--identity NAME] [--host NAME] FILE";

/**
 * `holdfast config acl --broker mosquitto|emqx [--identity NAME] [--host NAME] FILE`: what a broker that denies
 * everything else must allow this gateway or, with `--host`, a host application that observes and commands it.
 * `--identity` is whom the broker takes the gateway for; without it the common name of its certificate.
 */
export async function configAclCommand(args: readonly string[], io: FileIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { broker: { type: "string" }, identity: { type: "string" }, host: { type: "string" } },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { broker = "", identity, host } = parsed.values;
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0 || !isBroker(broker)) return misused(io, USAGE);
  for (const name of [identity, host]) {
    if (name !== undefined && !isAclName(name)) return misused(io, "a NAME has no +, #, / or control characters");
  }
  let text: string;
  try {
    text = await io.readFile(file);
  } catch (error) {
    return refuse(io, "CONFIG_FILE_UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const compiled = compileConfig(text, resolve(file), diskParts(resolve(file)));
  if ("report" in compiled) {
    io.err(formatReport({ ...compiled.report, file }, text, { colour: io.isTty, parts: compiled.parts }));
    return EXIT_FAILED;
  }
  const { uplink } = compiled.snapshot;
  const write = WRITERS[broker];
  if (host !== undefined) {
    io.out(write(host, hostGrants(namesOf(uplink, host))));
    return EXIT_DONE;
  }
  const user = identity ?? (await identityOf(uplink, io));
  if (user === undefined) {
    return refuse(
      io,
      "ACL_IDENTITY_UNKNOWN",
      `${uplink.brokers[0].certificatePath} does not read as a certificate with a common name that rules can say: name the gateway with --identity`,
    );
  }
  const names = namesOf(uplink, uplink.sparkplug.primaryHost ?? "+");
  io.out(write(user, gatewayGrants(names)));
  return EXIT_DONE;
}

function isBroker(name: string): name is keyof typeof WRITERS {
  return Object.hasOwn(WRITERS, name);
}

function namesOf({ managementPrefix, site, device, sparkplug }: UplinkSnapshot, host: string): Names {
  return { prefix: managementPrefix, site, device, group: sparkplug.group, edgeNode: sparkplug.edgeNode, host };
}

async function identityOf({ brokers: [broker] }: UplinkSnapshot, io: FileIo): Promise<string | undefined> {
  const pem = await io.readFile(broker.certificatePath).catch(() => "");
  const name = commonNameOf(pem);
  return name !== undefined && isAclName(name) ? name : undefined;
}
