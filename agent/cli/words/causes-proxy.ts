import type { Cause } from "./cause.ts";
import type { Phrase } from "./phrase.ts";

const cause = (title: Phrase, ...steps: readonly Phrase[]): Cause => ({ title, steps });
const PROXY_LOG: Phrase = {
  en: "Check uplink.broker.proxy.url and look at the proxy's log.",
  de: "uplink.broker.proxy.url prüfen und das Protokoll des Proxys ansehen.",
};

/** What stands between the gateway and its broker: proxies and web servers. */
export const PROXY_CAUSES = {
  UPLINK_PROXY_AWAY: cause({ en: "The proxy is not reached.", de: "Der Proxy ist nicht erreichbar." }, PROXY_LOG),
  UPLINK_PROXY_TIMEOUT: cause({ en: "The proxy never answered.", de: "Der Proxy hat nie geantwortet." }, PROXY_LOG),
  UPLINK_PROXY_CLOSED: cause(
    { en: "The proxy hung up instead of answering.", de: "Der Proxy hat die Verbindung beendet, statt zu antworten." },
    PROXY_LOG,
  ),
  UPLINK_PROXY_REFUSED: cause(
    { en: "The proxy's rules do not let us through.", de: "Die Regeln des Proxys lassen uns nicht durch." },
    {
      en: "Have them allow CONNECT to this broker and port; many allow 443 alone.",
      de: "CONNECT zu diesem Broker und Port erlauben lassen; viele erlauben nur 443.",
    },
  ),
  UPLINK_PROXY_CREDENTIAL_REFUSED: cause(
    { en: "The proxy does not take the password.", de: "Der Proxy nimmt das Passwort nicht an." },
    {
      en: "Check uplink.broker.proxy.username and passwordFile.",
      de: "uplink.broker.proxy.username und passwordFile prüfen.",
    },
  ),
  UPLINK_PROXY_SCHEME: cause(
    {
      en: "The proxy wants a kind of login that Holdfast does not have.",
      de: "Der Proxy verlangt ein Anmeldeverfahren, das Holdfast nicht kennt.",
    },
    {
      en: "Ask for a Basic account, or a rule without login.",
      de: "Ein Basic-Konto oder eine Regel ohne Anmeldung verlangen.",
    },
  ),
  UPLINK_PROXY_NO_WAY_ON: cause(
    { en: "The proxy does not reach the broker.", de: "Der Proxy erreicht den Broker nicht." },
    {
      en: "Check the broker's name and port, and the proxy's own way to it.",
      de: "Name und Port des Brokers und den Weg des Proxys dorthin prüfen.",
    },
  ),
  UPLINK_PROXY_NO_TUNNEL: cause(
    {
      en: "What answers is no proxy, or a login page in its place.",
      de: "Was antwortet, ist kein Proxy, oder eine Anmeldeseite an seiner Stelle.",
    },
    {
      en: "Behind a captive portal somebody must log in; on a SIM, is there credit?",
      de: "Hinter einem Anmeldeportal muss sich jemand anmelden; bei einer SIM: ist Guthaben da?",
    },
  ),
  UPLINK_WEBSOCKET_TIMEOUT: cause(
    { en: "The web server never answered.", de: "Der Webserver hat nie geantwortet." },
    { en: "Look at its log.", de: "Sein Protokoll ansehen." },
  ),
  UPLINK_WEBSOCKET_REFUSED: cause(
    { en: "There is no MQTT at that path.", de: "Unter diesem Pfad gibt es kein MQTT." },
    {
      en: "Check the path of uplink.broker.url and the web server's log.",
      de: "Den Pfad in uplink.broker.url und das Protokoll des Webservers prüfen.",
    },
  ),
} as const satisfies Readonly<Record<string, Cause>>;
