import type { Cause } from "./cause.ts";
import type { Phrase } from "./phrase.ts";

const cause = (title: Phrase, ...steps: readonly Phrase[]): Cause => ({ title, steps });
const BROKER_LOG: Phrase = { en: "Look at the broker's log and load.", de: "Protokoll und Last des Brokers ansehen." };
const TEST: Phrase = {
  en: "`holdfast uplink test FILE` shows how far it comes.",
  de: "`holdfast uplink test DATEI` zeigt, wie weit es kommt.",
};

/** The way to the broker, and what the broker says. */
export const UPLINK_CAUSES = {
  UPLINK_TCP_TIMEOUT: cause(
    { en: "The broker's address does not answer.", de: "Die Adresse des Brokers antwortet nicht." },
    { en: "Check address, port and firewall.", de: "Adresse, Port und Firewall prüfen." },
    TEST,
  ),
  UPLINK_TLS_TIMEOUT: cause(
    { en: "Encryption was begun and never finished.", de: "Die Verschlüsselung wurde begonnen und nie abgeschlossen." },
    {
      en: "Does the port speak TLS? 8883 usually does, 1883 never.",
      de: "Spricht der Port TLS? 8883 meist, 1883 nie.",
    },
    TEST,
  ),
  UPLINK_CONNACK_TIMEOUT: cause(
    { en: "Encrypted, but no MQTT broker answers.", de: "Verschlüsselt, aber kein MQTT-Broker antwortet." },
    BROKER_LOG,
  ),
  UPLINK_SUBACK_TIMEOUT: cause(
    { en: "The broker does not answer a subscription.", de: "Der Broker beantwortet ein Abonnement nicht." },
    BROKER_LOG,
  ),
  UPLINK_BROKER_UNTRUSTED: cause(
    { en: "The broker's certificate is not one we trust.", de: "Dem Zertifikat des Brokers wird nicht vertraut." },
    {
      en: "Check uplink.broker.anchors, the broker's certificate and the gateway's clock.",
      de: "uplink.broker.anchors, das Zertifikat des Brokers und die Uhr des Gateways prüfen.",
    },
    {
      en: "Does a proxy or login page answer in its place? The evidence names who issued the certificate.",
      de: "Antwortet ein Proxy oder Portal an seiner Stelle? Der Befund nennt den Aussteller.",
    },
  ),
  UPLINK_BROKER_WRONG_NAME: cause(
    { en: "A good certificate, but of somebody else.", de: "Ein gutes Zertifikat, aber von jemand anderem." },
    { en: "Check uplink.broker.url and serverName.", de: "uplink.broker.url und serverName prüfen." },
  ),
  UPLINK_BROKER_EXPIRED: cause(
    { en: "The broker's certificate has ended.", de: "Das Zertifikat des Brokers ist abgelaufen." },
    { en: "Renew it on the broker.", de: "Auf dem Broker erneuern." },
  ),
  UPLINK_TLS_MISMATCH: cause(
    { en: "No encryption that both sides allow.", de: "Keine Verschlüsselung, die beide Seiten erlauben." },
    {
      en: "Have the broker speak TLS 1.3; where it cannot, set uplink.broker.tlsVersionMin to 1.2.",
      de: "Der Broker soll TLS 1.3 sprechen; kann er nicht, uplink.broker.tlsVersionMin auf 1.2 setzen.",
    },
  ),
  UPLINK_CREDENTIAL_REFUSED: cause(
    {
      en: "The broker does not take the gateway's certificate.",
      de: "Der Broker nimmt das Zertifikat des Gateways nicht an.",
    },
    {
      en: "Does it trust the CA of uplink.broker.certificate, and is that still valid?",
      de: "Vertraut er der CA von uplink.broker.certificate, und ist es noch gültig?",
    },
  ),
  UPLINK_CONNECT_CLOSED: cause(
    {
      en: "The broker hung up instead of answering.",
      de: "Der Broker hat die Verbindung beendet, statt zu antworten.",
    },
    {
      en: "It may not take our certificate or this version of MQTT; its log says.",
      de: "Vielleicht nimmt er unser Zertifikat oder diese MQTT-Version nicht; sein Protokoll sagt es.",
    },
  ),
  UPLINK_BROKER_REFUSED: cause(
    { en: "The broker said no.", de: "Der Broker hat abgelehnt." },
    {
      en: "Look at its log and its access rules for this client id.",
      de: "Sein Protokoll und seine Zugriffsregeln für diese Client-ID ansehen.",
    },
  ),
  UPLINK_PASSWORD_REFUSED: cause(
    { en: "The broker does not take the password.", de: "Der Broker nimmt das Passwort nicht an." },
    { en: "Check uplink.broker.username and passwordFile.", de: "uplink.broker.username und passwordFile prüfen." },
  ),
  UPLINK_BROKER_MOVED: cause(
    {
      en: "The broker sends us to another one, which is never followed.",
      de: "Der Broker schickt uns zu einem anderen; dem wird nie gefolgt.",
    },
    {
      en: "If that is true, put the new address into the file.",
      de: "Stimmt das, die neue Adresse in die Datei schreiben.",
    },
  ),
  UPLINK_QOS_UNSUPPORTED: cause(
    { en: "The broker acknowledges nothing.", de: "Der Broker bestätigt nichts." },
    { en: "Allow QoS 1 on the broker.", de: "QoS 1 auf dem Broker erlauben." },
  ),
  UPLINK_PROTOCOL_REFUSED: cause(
    { en: "The broker does not speak this version of MQTT.", de: "Der Broker spricht diese MQTT-Version nicht." },
    { en: "Set uplink.broker.protocol to auto.", de: "uplink.broker.protocol auf auto setzen." },
  ),
  UPLINK_CONNECTION_LOST: cause(
    { en: "The connection to the broker broke.", de: "Die Verbindung zum Broker ist abgerissen." },
    { en: "It is made again by itself; values wait.", de: "Sie wird von selbst neu aufgebaut; Werte warten." },
    {
      en: "If it comes often: does another client use the same client id?",
      de: "Kommt es oft: benutzt ein anderer Client dieselbe Client-ID?",
    },
  ),
  UPLINK_INTERFACE_DOWN: cause(
    {
      en: "The network interface lost its link or address.",
      de: "Die Netzwerkschnittstelle hat Link oder Adresse verloren.",
    },
    { en: "Check cable, modem and address.", de: "Kabel, Modem und Adresse prüfen." },
  ),
  UPLINK_KEEPALIVE_TIMEOUT: cause(
    { en: "The broker fell silent.", de: "Der Broker ist verstummt." },
    {
      en: "Check the network in between; NAT boxes forget quiet connections.",
      de: "Das Netz dazwischen prüfen; NAT-Geräte vergessen stille Verbindungen.",
    },
  ),
  UPLINK_MARK_UNACKNOWLEDGED: cause(
    { en: "The broker takes data and acknowledges nothing.", de: "Der Broker nimmt Daten und bestätigt nichts." },
    BROKER_LOG,
  ),
  UPLINK_PUBLISH_REFUSED: cause(
    { en: "The broker does not let the gateway publish.", de: "Der Broker lässt das Gateway nicht veröffentlichen." },
    {
      en: "`holdfast config acl FILE` prints the rules it needs.",
      de: "`holdfast config acl DATEI` gibt die nötigen Regeln aus.",
    },
  ),
  UPLINK_SUBSCRIBE_REFUSED: cause(
    {
      en: "The broker does not let the gateway hear commands.",
      de: "Der Broker lässt das Gateway keine Befehle hören.",
    },
    {
      en: "`holdfast config acl FILE` prints the rules it needs.",
      de: "`holdfast config acl DATEI` gibt die nötigen Regeln aus.",
    },
  ),
  UPLINK_COMMANDS_UNHEARD: cause(
    {
      en: "Messages on the command topics broke several connections; they are left out for a while.",
      de: "Nachrichten auf den Befehls-Topics ließen mehrere Verbindungen abreißen; sie werden eine Weile nicht abonniert.",
    },
    {
      en: "Find who publishes there and clear what is retained.",
      de: "Herausfinden, wer dort sendet, und Retained-Nachrichten löschen.",
    },
  ),
  UPLINK_PRIMARY_HOST_AWAY: cause(
    {
      en: "The host application is not there; values wait for it.",
      de: "Die Host-Anwendung ist nicht da; Werte warten auf sie.",
    },
    {
      en: "Does it run, and is it the one in uplink.sparkplug.primaryHost?",
      de: "Läuft sie, und ist es die in uplink.sparkplug.primaryHost?",
    },
  ),
  UPLINK_PACKET_TOO_LARGE: cause(
    {
      en: "Somebody sends far too long packets to this gateway.",
      de: "Jemand schickt diesem Gateway viel zu große Pakete.",
    },
    {
      en: "Find who publishes on its command topics and clear what is retained.",
      de: "Herausfinden, wer auf seinen Befehls-Topics sendet, und Retained-Nachrichten löschen.",
    },
  ),
  UPLINK_PROTOCOL_ERROR: cause(
    { en: "What comes back is not proper MQTT.", de: "Was zurückkommt, ist kein richtiges MQTT." },
    {
      en: "Is there something between gateway and broker that changes it?",
      de: "Verändert etwas zwischen Gateway und Broker die Daten?",
    },
  ),
  UPLINK_BIRTH_TOO_LARGE: cause(
    {
      en: "A device has more points than one packet can declare.",
      de: "Ein Gerät hat mehr Punkte, als ein Paket ankündigen kann.",
    },
    {
      en: "Raise uplink.broker.packetBytesMax as far as the broker takes it, or split the device.",
      de: "uplink.broker.packetBytesMax erhöhen, soweit der Broker es nimmt, oder das Gerät teilen.",
    },
  ),
  UPLINK_MATERIAL_FAILED: cause(
    {
      en: "Our certificate, key or anchors could not be had.",
      de: "Zertifikat, Schlüssel oder Anker ließen sich nicht lesen.",
    },
    {
      en: "Check the files of uplink.broker and who may read them.",
      de: "Die Dateien von uplink.broker prüfen und wer sie lesen darf.",
    },
  ),
  UPLINK_STATE_FAILED: cause(
    {
      en: "Something that must survive could not be stored.",
      de: "Etwas, das einen Neustart überdauern muss, ließ sich nicht speichern.",
    },
    {
      en: "Is the disk full or failing (`df -h`, `dmesg`)?",
      de: "Ist der Datenträger voll oder defekt (`df -h`, `dmesg`)?",
    },
  ),
  UPLINK_FIELD_REFUSED: cause(
    {
      en: "A fault of Holdfast itself between two of its processes.",
      de: "Ein Fehler in Holdfast selbst, zwischen zwei seiner Prozesse.",
    },
    {
      en: "Please report it, with `journalctl --namespace=holdfast`.",
      de: "Bitte melden, mit `journalctl --namespace=holdfast`.",
    },
  ),
  UPLINK_CONFIG_REFUSED: cause(
    {
      en: "The uplink does not take its part of the configuration.",
      de: "Der Uplink lehnt seinen Teil der Konfiguration ab.",
    },
    {
      en: "Apply a file that `holdfast config check` accepts.",
      de: "Eine Datei anwenden, die `holdfast config check` annimmt.",
    },
  ),
  UPLINK_NOT_ONLINE: cause(
    { en: "The broker is not reached yet.", de: "Der Broker ist noch nicht erreicht." },
    {
      en: "Values wait in the queue. Look again in a minute.",
      de: "Werte warten in der Warteschlange. In einer Minute noch einmal schauen.",
    },
    TEST,
  ),
  UPLINK_BUDGET_USED_UP: cause(
    {
      en: "The budget of bytes is used up: what is held back waits for the next period.",
      de: "Das Byte-Budget ist aufgebraucht: was zurückgehalten wird, wartet auf den nächsten Zeitraum.",
    },
    { en: "Raise uplink.budget, dead-bands or heartbeatMs.", de: "uplink.budget, Totbänder oder heartbeatMs erhöhen." },
  ),
  UPLINK_WRITES_REFUSED: cause(
    {
      en: "Somebody tried to write through MQTT; nothing was written.",
      de: "Jemand wollte über MQTT schreiben; nichts wurde geschrieben.",
    },
    {
      en: "Unsigned writes are never obeyed. Find who publishes NCMD or DCMD and stop it.",
      de: "Unsignierten Schreibbefehlen wird nie gefolgt. Herausfinden, wer NCMD oder DCMD sendet, und abstellen.",
    },
  ),
} as const satisfies Readonly<Record<string, Cause>>;
