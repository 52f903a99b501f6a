import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

/** System packages that tests may need, and how each is seen to be there. `.ci/run` installs every one. */
const TOOLS = {
  gcc: { debian: "gcc", present: () => inPath("gcc") },
  libmodbus: { debian: "libmodbus-dev pkg-config", present: () => hasLibrary("libmodbus") },
  "low-ports": { debian: "nginx (and root, for port 443)", present: () => process.getuid?.() === 0 },
  iproute2: { debian: "iproute2 (and root, for network namespaces)", present: hasNamespaces },
  mbpoll: { debian: "mbpoll", present: () => inPath("mbpoll") },
  mosquitto: { debian: "mosquitto", present: () => inPath("mosquitto") },
  nginx: { debian: "nginx", present: () => inPath("nginx") },
  tinyproxy: { debian: "tinyproxy", present: () => inPath("tinyproxy") },
  "mosquitto-clients": {
    debian: "mosquitto-clients",
    present: () => inPath("mosquitto_sub") && inPath("mosquitto_pub"),
  },
  erlang: { debian: "erlang-base", present: () => inPath("erl") },
  paho: { debian: "python3-paho-mqtt", present: () => hasPythonModule("paho.mqtt.client") },
  lintian: { debian: "lintian", present: () => inPath("lintian") },
  "man-db": { debian: "man-db groff-base", present: () => inPath("man") && inPath("lexgrog") },
  mmdebstrap: {
    debian: "mmdebstrap mount (and root that may mount)",
    present: () => inPath("mmdebstrap") && mayMount(),
  },
  python3: { debian: "python3", present: () => inPath("python3") },
  rsyslog: { debian: "rsyslog rsyslog-gnutls", present: () => inPath("rsyslogd") },
  snmptrapd: { debian: "snmptrapd", present: () => inPath("snmptrapd") },
  systemd: { debian: "systemd", present: () => inPath("systemd-analyze") },
  "systemd-nspawn": {
    debian: "systemd-container (and root that may mount)",
    present: () => inPath("systemd-nspawn") && mayMount(),
  },
  zsh: { debian: "zsh", present: () => inPath("zsh") },
} as const satisfies Readonly<Record<string, { readonly debian: string; readonly present: () => boolean }>>;

export type Tool = keyof typeof TOOLS;

/** Every Debian package that some test needs. */
export const DEBIAN_PACKAGES: readonly string[] = Object.values(TOOLS).flatMap(({ debian }) =>
  debian.replace(/ \(.*\)/, "").split(" "),
);

/**
 * Stands where `describe` would: `requires("mbpoll")("mbpoll reads our devices", () => { … })`.
 * Without the tools the tests are skipped and say why; with `HOLDFAST_NO_SKIP=1` in the environment they fail instead.
 */
export function requires(...tools: readonly Tool[]): (name: string, body: () => void) => void {
  const missing = tools.filter((tool) => !TOOLS[tool].present());
  if (missing.length === 0) return (name, body) => void describe(name, body);
  const reason = `needs ${missing.join(", ")}: apt-get install ${missing.map((tool) => TOOLS[tool].debian).join(" ")}`;
  if (process.env["HOLDFAST_NO_SKIP"] === "1") {
    return (name) => {
      describe(name, () => {
        test(reason, () => {
          throw new Error(`${reason} (HOLDFAST_NO_SKIP=1 allows no skip)`);
        });
      });
    };
  }
  return (name, body) => {
    process.stderr.write(`skipped: ${name}: ${reason}\n`);
    describe.skip(`${name} (skipped: ${reason})`, body);
  };
}

function inPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasLibrary(name: string): boolean {
  return spawnSync("pkg-config", ["--exists", name]).status === 0;
}

/** Made, entered and removed: a container may have the tool and not the right. */
function hasNamespaces(): boolean {
  const name = `holdfast-probe-${process.pid}`;
  if (spawnSync("ip", ["netns", "add", name]).status !== 0) return false;
  const entered = spawnSync("ip", ["netns", "exec", name, "true"]).status === 0;
  return spawnSync("ip", ["netns", "del", name]).status === 0 && entered;
}

/** A /proc of its own, in a namespace that ends with the program: a container may be root and not have the right. */
function mayMount(): boolean {
  return spawnSync("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "true"]).status === 0;
}

/** Debian's own Python: another one in the path may not have its packages. */
function hasPythonModule(name: string): boolean {
  return spawnSync("/usr/bin/python3", ["-c", `import ${name}`]).status === 0;
}
