import { DOOR_NAMES, ROOM_NAMES } from "../../../agent/process/layout.ts";
import { groupOf, userOf } from "../accounts.ts";
import { CONFIG_FOLDER, LAYOUT } from "../places.ts";

/**
 * After `remove`, configuration and state wait for another installation. `purge` leaves nothing: neither state, keys,
 * configuration, journal nor users.
 */
export function postrm(): string {
  return `#!/bin/sh
# Removing keeps configuration and state; purging leaves nothing.
set -e

TARGET=holdfast.target

case "$1" in
  remove)
    if command -v deb-systemd-helper >/dev/null; then deb-systemd-helper mask "$TARGET" >/dev/null || true; fi
    ;;
  purge)
    if command -v deb-systemd-helper >/dev/null; then
      deb-systemd-helper purge "$TARGET" >/dev/null || true
      deb-systemd-helper unmask "$TARGET" >/dev/null || true
    fi
    if [ -d /run/systemd/system ]; then
      systemctl stop systemd-journald@holdfast.socket systemd-journald-varlink@holdfast.socket \\
        systemd-journald@holdfast.service >/dev/null 2>&1 || true
    fi
    rm -rf ${CONFIG_FOLDER} ${LAYOUT.stateFolder} ${LAYOUT.runFolder}
    rm -rf /var/log/journal/*.holdfast /run/log/journal/*.holdfast
    for user in ${ROOM_NAMES.map(userOf).join(" ")}; do
      if getent passwd "$user" >/dev/null; then userdel "$user" || true; fi
    done
    for group in ${[...DOOR_NAMES.map(groupOf), ...ROOM_NAMES.map(userOf)].join(" ")}; do
      if getent group "$group" >/dev/null; then groupdel "$group" || true; fi
    done
    ;;
  upgrade | failed-upgrade | abort-install | abort-upgrade | disappear) ;;
  *)
    echo "postrm called with unknown argument: $1" >&2
    exit 1
    ;;
esac
if [ "$1" != upgrade ] && [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
`;
}
