/** Debian's names for the architectures of Node's binaries. */
export const ARCHITECTURES = { amd64: "x64", arm64: "arm64" } as const;
export type Architecture = keyof typeof ARCHITECTURES;

const MAINTAINER = "The Holdfast Authors <maintainers@holdfast.invalid>";

/**
 * What dpkg knows of the package. The libraries are those that Node's own Linux binaries need; perl-base, for
 * notify-exec, and the deb-systemd tools are essential in every Debian.
 */
export function controlText(version: string, architecture: Architecture, installedKiB: number): string {
  return `Package: holdfast
Version: ${version}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKiB}
Depends: libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 8), passwd, systemd (>= 247)
Suggests: bash-completion, man-db
Section: net
Priority: optional
Description: industrial gateway, field bus to MQTT
 Polls Modbus RTU and TCP devices and carries their values to an MQTT broker as
 a Sparkplug B edge node, in three processes that each run as a user of their
 own in a sandbox of their own. Built to IEC 62443-4-2: it listens on no network
 port, trusts no one above it, and loses nothing in silence.
 .
 The package brings its own Node runtime. Nothing is polled and nobody is called
 before /etc/holdfast/gateway.yaml exists.
`;
}

/** Debian's own changelog; what changed is in the project's. */
export function debianChangelog(version: string, epochS: number): string {
  const date = new Date(epochS * 1_000).toUTCString().replace("GMT", "+0000");
  return `holdfast (${version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${MAINTAINER}  ${date}\n`;
}

/** @see Debian's machine-readable copyright format 1.0 */
export const COPYRIGHT_TEXT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: holdfast

Files: *
Copyright: 2026 The Holdfast Authors
License: Apache-2.0
 On Debian systems the text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0. NOTICE and THIRD-PARTY-LICENCES.txt.gz
 beside this file name what the bundles contain of others, with their licences.

Files: usr/lib/holdfast/bin/node
Copyright: Node.js contributors, and those named in RUNTIME-LICENCE.txt.gz
License: Expat
 RUNTIME-LICENCE.txt.gz beside this file is the licence of Node.js, with those of
 everything that its binary contains.
`;

/** What lintian would say of any package that brings a runtime as its authors published it. */
export const LINTIAN_OVERRIDES = `# The runtime is byte for byte the one that Node's project published, so that it can be held against its checksums.
holdfast: unstripped-binary-or-object [usr/lib/holdfast/bin/node]
holdfast: embedded-library *
holdfast: hardening-no-pie [usr/lib/holdfast/bin/node]
`;
