import { getCiphers } from "node:tls";
import { parseArgs } from "node:util";
import { EXIT_DONE, EXIT_FAILED, misused } from "./io.ts";
import type { CommandIo } from "./io.ts";

const NODE_MAJOR_MIN = 24;

type Finding =
  | { readonly ok: true; readonly binding: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

/** `holdfast self-test [--json] [--quiet]`: whether this installation can do its work, before anyone relies on it. */
export async function selfTestCommand(
  args: readonly string[],
  parts: { readonly serial: () => Promise<Finding> },
  io: CommandIo,
): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean", default: false }, quiet: { type: "boolean", default: false } },
    }));
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const checks = [runtimeCheck(), tlsCheck(), await serialCheck(parts.serial)];
  const shown = values.quiet ? checks.filter((one) => !one.ok) : checks;
  if (values.json) io.out(`${JSON.stringify({ checks: shown })}\n`);
  else for (const { check, ok, says } of shown) io.out(`${ok ? "ok    " : "FAILED"}  ${check}: ${says}\n`);
  return checks.every((check) => check.ok) ? EXIT_DONE : EXIT_FAILED;
}

function runtimeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    check: "runtime",
    ok: major >= NODE_MAJOR_MIN,
    says: `Node ${process.versions.node}, ${process.arch}, OpenSSL ${process.versions.openssl}; ${NODE_MAJOR_MIN} or newer wanted`,
  };
}

function tlsCheck(): Check {
  const ok = getCiphers().includes("tls_aes_256_gcm_sha384");
  return { check: "tls", ok, says: ok ? "TLS 1.3 available" : "this runtime's OpenSSL has no TLS 1.3" };
}

async function serialCheck(serial: () => Promise<Finding>): Promise<Check> {
  const found = await serial();
  return found.ok
    ? { check: "serial", ok: true, says: `native binding ${found.binding}` }
    : { check: "serial", ok: false, says: `${found.code}: ${found.message}` };
}
