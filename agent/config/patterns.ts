import type { ConfigCode } from "./codes.ts";
import { quote } from "./quote.ts";
import {
  BROKER_URL_PATTERN,
  CLIENT_ID_PATTERN,
  DEVICE_PATH_PATTERN,
  DIGITAL_LINE_PATTERN,
  HTTPS_URL_PATTERN,
  INTERFACE_PATTERN,
  LINE_PATTERN,
  NAME_PATTERN,
  PROXY_URL_PATTERN,
  TOPIC_PREFIX_PATTERN,
} from "./schema/text.ts";

interface About {
  readonly regExp: RegExp;
  readonly code: ConfigCode;
  /** what the pattern asks for, as the end of a sentence */
  readonly wanted: string;
  hint(offered: string): string;
}

/** What each pattern of the schema means to people. */
export const PATTERNS: Readonly<Record<string, About>> = {
  [NAME_PATTERN]: {
    regExp: new RegExp(NAME_PATTERN, "u"),
    code: "CONFIG_TOPIC_NAME",
    wanted:
      "a name that can stand in an MQTT topic: 1 to 64 letters, digits, `.`, `_` or `-`, beginning with a letter or digit",
    hint: (offered) => `write ${quote(asName(offered))}`,
  },
  [CLIENT_ID_PATTERN]: {
    regExp: new RegExp(CLIENT_ID_PATTERN, "u"),
    code: "CONFIG_TEXT",
    wanted: "a client identifier: 1 to 64 letters, digits, `.`, `_` or `-`",
    hint: (offered) => `write ${quote(asName(offered))}, or leave it out`,
  },
  [DEVICE_PATH_PATTERN]: {
    regExp: new RegExp(DEVICE_PATH_PATTERN, "u"),
    code: "CONFIG_TEXT",
    wanted: "the absolute path of a serial device",
    hint: (offered) =>
      /^com\d+$/iu.test(offered)
        ? "on Linux it is a path: see `ls -l /dev/serial/by-id`"
        : "write a path such as /dev/serial/by-id/usb-…: see `ls -l /dev/serial/by-id`",
  },
  [INTERFACE_PATTERN]: {
    regExp: new RegExp(INTERFACE_PATTERN, "u"),
    code: "CONFIG_TEXT",
    wanted: "the name of a network interface: 1 to 15 characters, no space or slash",
    hint: () => "see `ip -brief link`",
  },
  [DIGITAL_LINE_PATTERN]: {
    regExp: new RegExp(DIGITAL_LINE_PATTERN, "u"),
    code: "CONFIG_IO_LINE",
    wanted: "a line of the housing: a driver and a place, such as gpio:17",
    hint: (offered) =>
      /^\d+$/u.test(offered)
        ? `write ${quote(`gpio:${offered}`)} for that line of the kernel's GPIO`
        : "write gpio:17, led:act, key:by-path/platform-button-event/148 or carrier:eth1",
  },
  [LINE_PATTERN]: {
    regExp: new RegExp(LINE_PATTERN, "u"),
    code: "CONFIG_TEXT",
    wanted: "one line of text without control characters",
    hint: () => "write it on one line, without tabs",
  },
  [BROKER_URL_PATTERN]: {
    regExp: new RegExp(BROKER_URL_PATTERN, "u"),
    code: "CONFIG_BROKER_URL",
    wanted: "the address of a broker with TLS",
    hint: brokerUrlHint,
  },
  [PROXY_URL_PATTERN]: {
    regExp: new RegExp(PROXY_URL_PATTERN, "u"),
    code: "CONFIG_PROXY_URL",
    wanted: "the address of an HTTP proxy",
    hint: proxyUrlHint,
  },
  [HTTPS_URL_PATTERN]: {
    regExp: new RegExp(HTTPS_URL_PATTERN, "u"),
    code: "CONFIG_WEBHOOK_URL",
    wanted: "the address of a web server with TLS",
    hint: (offered) =>
      `write ${quote(`https://${offered.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//u, "").replace(/^[^/]*@/u, "")}`)}: there is no plain HTTP here`,
  },
  [TOPIC_PREFIX_PATTERN]: {
    regExp: new RegExp(TOPIC_PREFIX_PATTERN, "u"),
    code: "CONFIG_TOPIC_NAME",
    wanted: "the beginning of an MQTT topic: 1 to 4 names with `/` between them",
    hint: (offered) => `write ${quote(asPrefix(offered))}`,
  },
};

function asPrefix(offered: string): string {
  const levels = offered.split("/").filter((level) => /[A-Za-z0-9]/u.test(level));
  return levels.length === 0 ? "holdfast/v1" : levels.slice(0, 4).map(asName).join("/");
}

function asName(offered: string): string {
  const name = offered
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/gu, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/gu, "");
  return name === "" ? "name-1" : name.slice(0, 64);
}

function proxyUrlHint(offered: string): string {
  const [, scheme = "http", rest = offered] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/su.exec(offered) ?? [];
  if (!/^https?$/iu.test(scheme))
    return "name an HTTP proxy that does CONNECT, http://host:port: no other kind is spoken to";
  // what stands before the @ goes elsewhere, and the next finding would say so
  const instead = quote(`http://${rest.replace(/^.*@/su, "")}`);
  return `write ${instead}: TLS runs through the proxy to the broker, not to the proxy`;
}

function brokerUrlHint(offered: string): string {
  const [, scheme, rest = offered] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/su.exec(offered) ?? [];
  const bare = rest.replace(/^.*@/su, "");
  const instead = `mqtts://${bare.replace(/:1883\b/u, ":8883")}`;
  switch (scheme?.toLowerCase()) {
    case "mqtt":
    case "tcp":
      return `write ${quote(instead)}: plain MQTT does not exist here, the broker needs a TLS listener`;
    case "ws":
      return `write ${quote(`wss://${bare}`)}: plain WebSocket does not exist here, the broker needs a TLS listener`;
    case "wss":
      return `write ${quote(`wss://${bare}`)}`;
    default:
      return `write ${quote(instead)}`;
  }
}
