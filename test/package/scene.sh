#!/bin/sh
# Runs inside a booted Debian, once it is up: the package's life under its real service manager. Every finding is a line
# of /scene/results; the last one says that it came to the end.
set -u
exec 2>>/scene/errors

result() { printf '%s=%s\n' "$1" "$2" >>/scene/results; }
show() { systemctl show --property="$2" --value "$1"; }
# until CONDITION: whether it came true within 20 s
until_true() {
  left=200
  until eval "$1" >/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo no; return; }
    sleep 0.1
  done
  echo yes
}
online() { holdfast status --json | grep -q '"state":"online"'; }
active() { for unit in keeper field uplink; do systemctl is-active "holdfast-$unit"; done | tr '\n' ' '; }

dpkg --install /scene/first.deb >>/scene/errors
result after-install "$(active)$(systemctl is-active holdfast.target holdfast-config.path | tr '\n' ' ')"
result waits "$(show holdfast-field StatusText)"

key=/scene/site/etc/holdfast/tls/gateway.key
install -d -m 0700 /etc/credstore /etc/credstore.encrypted
systemd-creds encrypt --name=holdfast.uplink-key-encrypted $key /etc/credstore.encrypted/holdfast.uplink-key-encrypted
echo secret >/etc/credstore/holdfast.uplink-password
systemctl restart holdfast-uplink
result credentials "$(cd /run/credentials/holdfast-uplink.service && echo *)"
cp /scene/site/etc/holdfast/tls/ca.pem /scene/site/etc/holdfast/tls/gateway.pem /etc/holdfast/tls/
cp /scene/site/etc/holdfast/gateway.yaml /etc/holdfast/gateway.yaml
result online "$(until_true online)"
first=$(show holdfast-field StatusText)
result polls "$first"

for unit in keeper field uplink; do
  pid=$(show holdfast-$unit MainPID)
  result "fence-$unit" "$(sed -n 's/^\(CapEff\|CapBnd\|NoNewPrivs\|Seccomp\):\t*/\1 /p' "/proc/$pid/status" | tr '\n' ' ')"
done

result journal "$(journalctl --namespace=holdfast --output=cat | grep -o 'Journal.*max [0-9.]*M' | sed 's/.* //' | sort -u | tr '\n' ' ')"

# a taken-over uplink: another program behind the same walls
sed -e '/^\(ExecStart\|Type\|NotifyAccess\|WatchdogSec\|Restart\|LogNamespace\|StateDirectory\)=/d' \
  -e 's|^\[Service\]|&\nType=oneshot\nStandardOutput=append:/scene/intruder\nExecStart=/usr/lib/holdfast/bin/node /scene/intruder.process.ts|' \
  /lib/systemd/system/holdfast-uplink.service >/run/systemd/system/intruder.service
systemctl daemon-reload
systemctl start intruder
result intruder "$(tr '\n' ' ' </scene/intruder)"

mkdir -p /run/systemd/system/holdfast-field.service.d
printf '[Service]\nWatchdogSec=2s\n' >/run/systemd/system/holdfast-field.service.d/short.conf
systemctl daemon-reload
systemctl restart holdfast-field
result alive "$(until_true '[ "$(show holdfast-field WatchdogTimestampMonotonic)" -gt 0 ]')"
kill -STOP "$(show holdfast-field MainPID)"
result watchdog "$(until_true '[ "$(show holdfast-field NRestarts)" = 1 ] && systemctl is-active --quiet holdfast-field')"
result polls-again "$(until_true online)"

sed -i 's/"pollMs": 100/"pollMs": 200/' /etc/holdfast/gateway.yaml
result applies-change "$(until_true '[ "$(show holdfast-field StatusText | cut -c1-22)" = "polling configuration " ]')"
echo 'nonsense: [' >/etc/holdfast/gateway.yaml
result refuses "$(until_true 'systemctl is-failed --quiet holdfast-config')"
result after-refusal "$(active)"
result still-online "$(until_true online)"
cp /scene/site/etc/holdfast/gateway.yaml /etc/holdfast/gateway.yaml
result mends "$(until_true '! systemctl is-failed --quiet holdfast-config')"

# what the version before had otherwise
sed -i 's/^WatchdogSec=.*/WatchdogSec=77s/' /lib/systemd/system/holdfast-keeper.service
systemctl daemon-reload
before=$(show holdfast-field MainPID)
dpkg --install /scene/second.deb >>/scene/errors
result upgraded "$(dpkg-query --show --showformat='${Version}' holdfast)"
result restarted "$(until_true '[ "$(show holdfast-field MainPID)" != "$before" ] && online')"
result changed-unit "$(show holdfast-keeper WatchdogUSec)"

dpkg --remove holdfast >>/scene/errors
result after-remove "$(active)"
dpkg --purge holdfast >>/scene/errors
result failed "$(systemctl list-units --state=failed --plain --no-legend 'holdfast*')"
result left "$(find /etc /lib /run/holdfast /usr /var/lib -name '*holdfast*' -not -path '/etc/credstore*' | tr '\n' ' ')"
result accounts "$(getent passwd | grep -c holdfast) $(getent group | grep -c holdfast)"
result end yes
