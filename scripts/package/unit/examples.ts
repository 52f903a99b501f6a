import { defaultOf } from "../../../agent/config/schema.ts";
import { ModbusServer } from "../../../agent/config/schema/modbus-server.ts";
import { userOf } from "../accounts.ts";

const GROUP = userOf("field");

/**
 * What lets the Modbus server listen. A drop-in and not the unit's own text: a gateway without the server keeps a sandbox
 * in which nothing can.
 */
const MODBUS_SERVER = `# Lets holdfast-uplink listen, on this port alone, for the Modbus server of gateway.yaml. Copy it with
#   install -D -m 644 /usr/share/doc/holdfast/examples/modbus-server.conf /etc/systemd/system/holdfast-uplink.service.d/modbus-server.conf
#   systemctl daemon-reload && systemctl restart holdfast-uplink
# and write the port of gateway.yaml here, where it is another. Ports below 1024 stay closed: see
# docs/operate/modbus-server.md for clients that cannot be told another port than 502.
[Service]
SocketBindAllow=tcp:${defaultOf(ModbusServer.properties.port)}
SystemCallFilter=listen accept accept4
`;

/** What lets the housing's lines be reached. The kernel's files stay root's but for those that the udev rules give away. */
const HOUSING = `# Lets holdfast-field set relays and LEDs and hear buttons of the housing. Copy it with
#   install -D -m 644 /usr/share/doc/holdfast/examples/housing.conf /etc/systemd/system/holdfast-field.service.d/housing.conf
#   install -m 644 /usr/share/doc/holdfast/examples/70-holdfast-housing.rules /etc/udev/rules.d/
# edit the rules, then
#   udevadm control --reload && udevadm trigger && systemctl daemon-reload && systemctl restart holdfast-field
[Service]
# ProtectKernelTunables makes /sys read-only. What is below these stays root's but for what the rules give away.
ReadWritePaths=-/sys/class/gpio -/sys/class/leds -/sys/devices
# buttons: event devices, of which the rules give one away
DeviceAllow=char-input r
# A relay keeps its level when the process dies. With this line (and its LED's name) it is let go:
#ExecStopPost=-+/bin/sh -c 'echo 0 > /sys/class/leds/relay/brightness'
`;

const RULES = `# Gives lines of the housing to Holdfast, and nothing else. Write the names of this machine's LEDs and relay where
# "relay" and "act" stand, or delete what is not used. See docs/operate/housing.md.
SUBSYSTEM=="leds", KERNEL=="relay|act", ACTION!="remove", RUN+="/bin/chgrp ${GROUP} /sys%p/brightness /sys%p/trigger", RUN+="/bin/chmod g+w /sys%p/brightness /sys%p/trigger"
SUBSYSTEM=="gpio", KERNEL=="gpiochip*", ACTION!="remove", RUN+="/bin/chgrp ${GROUP} /sys/class/gpio/export", RUN+="/bin/chmod g+w /sys/class/gpio/export"
SUBSYSTEM=="gpio", KERNEL=="gpio[0-9]*", ACTION!="remove", RUN+="/bin/chgrp ${GROUP} /sys%p/direction /sys%p/value", RUN+="/bin/chmod g+w /sys%p/direction /sys%p/value"
SUBSYSTEM=="input", KERNEL=="event*", ATTRS{name}=="*gpio-keys*|*button*", ACTION!="remove", GROUP="${GROUP}", MODE="0640"
`;

/** Examples for what is off until somebody turns it on, by file name. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  "modbus-server.conf": MODBUS_SERVER,
  "housing.conf": HOUSING,
  "70-holdfast-housing.rules": RULES,
};
