import type { Cause } from "./cause.ts";
import type { Phrase } from "./phrase.ts";

const cause = (title: Phrase, ...steps: readonly Phrase[]): Cause => ({ title, steps });
const TEST: Phrase = {
  en: "`holdfast notify test FILE` sends one marked test event and says what happened.",
  de: "`holdfast notify test DATEI` sendet ein markiertes Testereignis und sagt, was geschah.",
};

/** Receivers of alarms, and the read-only Modbus server. */
export const SERVICE_CAUSES = {
  NOTIFY_TIMEOUT: cause(
    { en: "The receiver of alarms does not confirm.", de: "Der Alarmempfänger bestätigt nicht." },
    {
      en: "Does it run? Check address, port and firewall. Alarms wait and are told to it later.",
      de: "Läuft er? Adresse, Port und Firewall prüfen. Alarme warten und werden nachgeliefert.",
    },
    TEST,
  ),
  NOTIFY_CLOSED: cause(
    {
      en: "The receiver hung up before it had everything.",
      de: "Der Empfänger hat die Verbindung beendet, bevor er alles hatte.",
    },
    {
      en: "Look at its log; it may ask for a `certificate`.",
      de: "Sein Protokoll ansehen; vielleicht verlangt er ein `certificate`.",
    },
  ),
  NOTIFY_SYSLOG_OPEN: cause(
    {
      en: "The syslog receiver does not end the connection, so nobody knows whether it has everything.",
      de: "Der Syslog-Empfänger beendet die Verbindung nicht; ob er alles hat, weiß niemand.",
    },
    {
      en: "Is it stalled? It must read everything and close once the gateway has closed (RFC 5425).",
      de: "Hängt er? Er muss alles lesen und die Verbindung schließen, sobald das Gateway es tut (RFC 5425).",
    },
  ),
  NOTIFY_UNTRUSTED: cause(
    {
      en: "The receiver's certificate is not one we trust.",
      de: "Dem Zertifikat des Empfängers wird nicht vertraut.",
    },
    {
      en: "Check `anchors`, its certificate and the gateway's clock.",
      de: "`anchors`, sein Zertifikat und die Uhr des Gateways prüfen.",
    },
  ),
  NOTIFY_WRONG_NAME: cause(
    { en: "A good certificate, but of somebody else.", de: "Ein gutes Zertifikat, aber von jemand anderem." },
    { en: "Check `serverName` and the address.", de: "`serverName` und die Adresse prüfen." },
  ),
  NOTIFY_CREDENTIAL_REFUSED: cause(
    { en: "The receiver does not take our certificate.", de: "Der Empfänger nimmt unser Zertifikat nicht an." },
    { en: "Does it trust the CA of `certificate`?", de: "Vertraut er der CA von `certificate`?" },
  ),
  NOTIFY_MATERIAL_FAILED: cause(
    {
      en: "A certificate, token or passphrase file could not be read.",
      de: "Eine Zertifikats-, Token- oder Passwortdatei ließ sich nicht lesen.",
    },
    {
      en: "Check the path and that holdfast-uplink may read it.",
      de: "Pfad prüfen, und ob holdfast-uplink sie lesen darf.",
    },
  ),
  NOTIFY_SNMP_USER: cause(
    { en: "The receiver does not know this SNMP user.", de: "Der Empfänger kennt diesen SNMP-Benutzer nicht." },
    {
      en: "Create it there, with createUser in snmptrapd.conf.",
      de: "Dort anlegen, mit createUser in snmptrapd.conf.",
    },
  ),
  NOTIFY_SNMP_AUTHENTICATION: cause(
    {
      en: "The two sides have different authentication passphrases or algorithms.",
      de: "Beide Seiten haben verschiedene Authentisierungs-Passwörter oder -Verfahren.",
    },
    {
      en: "Compare authenticationFile and `authentication` with the receiver.",
      de: "authenticationFile und `authentication` mit dem Empfänger vergleichen.",
    },
  ),
  NOTIFY_SNMP_PRIVACY: cause(
    {
      en: "The two sides have different privacy passphrases or algorithms.",
      de: "Beide Seiten haben verschiedene Verschlüsselungs-Passwörter oder -Verfahren.",
    },
    {
      en: "Compare privacyFile and `privacy` with the receiver.",
      de: "privacyFile und `privacy` mit dem Empfänger vergleichen.",
    },
  ),
  NOTIFY_SNMP_TIME: cause(
    { en: "The receiver's SNMP time does not settle.", de: "Die SNMP-Zeit des Empfängers stimmt immer wieder nicht." },
    {
      en: "Restart it, and check that nobody else answers at its address.",
      de: "Neu starten und prüfen, dass niemand anderes unter seiner Adresse antwortet.",
    },
  ),
  NOTIFY_SNMP_REFUSED: cause(
    { en: "The receiver answers no, or nonsense.", de: "Der Empfänger lehnt ab oder antwortet unverständlich." },
    {
      en: "Is an SNMPv3 trap receiver at this port? Look at its log.",
      de: "Ist an diesem Port ein SNMPv3-Trap-Empfänger? Sein Protokoll ansehen.",
    },
  ),
  NOTIFY_HTTP_UNAUTHORISED: cause(
    { en: "The web receiver does not take our token.", de: "Der Web-Empfänger nimmt unser Token nicht an." },
    { en: "Check tokenFile and what its bearer may do.", de: "tokenFile prüfen, und was dieses Token darf." },
  ),
  NOTIFY_HTTP_REFUSED: cause(
    { en: "The web receiver refuses the event.", de: "Der Web-Empfänger lehnt das Ereignis ab." },
    { en: "Check the path of `url` and its log.", de: "Den Pfad in `url` und sein Protokoll prüfen." },
  ),
  NOTIFY_HTTP_REDIRECT: cause(
    {
      en: "The web receiver sends us elsewhere, which is never followed.",
      de: "Der Web-Empfänger schickt uns woandershin; dem wird nie gefolgt.",
    },
    { en: "If that is where alarms belong, write it into `url`.", de: "Gehören Alarme dorthin, in `url` eintragen." },
  ),
  NOTIFY_HTTP_UNAVAILABLE: cause(
    { en: "The web receiver is overloaded or broken.", de: "Der Web-Empfänger ist überlastet oder defekt." },
    { en: "Look at its log and load; it is tried again.", de: "Protokoll und Last ansehen; es wird weiter versucht." },
  ),
  NOTIFY_HTTP_INVALID: cause(
    { en: "What answers there is no web server.", de: "Was dort antwortet, ist kein Webserver." },
    { en: "Check host and port of `url`.", de: "Host und Port in `url` prüfen." },
  ),
  NOTIFY_LOST: cause(
    {
      en: "Alarms did not reach this receiver; it was told how many.",
      de: "Alarme haben diesen Empfänger nicht erreicht; ihm wurde gesagt, wie viele.",
    },
    {
      en: "Read them in `holdfast alarms` or on the broker; raise queueMax if it is often away.",
      de: "In `holdfast alarms` oder auf dem Broker nachlesen; queueMax erhöhen, wenn er oft weg ist.",
    },
  ),
  MODBUS_SERVER_LISTEN_FAILED: cause(
    { en: "The Modbus server cannot listen.", de: "Der Modbus-Server kann nicht lauschen." },
    {
      en: "Is the address this machine's and the port free (`ss -ltn`)? Is the drop-in installed? See docs/operate/modbus-server.md.",
      de: "Gehört die Adresse zu diesem Rechner, ist der Port frei (`ss -ltn`)? Ist das Drop-in installiert? Siehe docs/operate/modbus-server.md.",
    },
  ),
  MODBUS_SERVER_CLIENT_REFUSED: cause(
    {
      en: "Somebody who is not in `clients` tried to read the gateway.",
      de: "Jemand, der nicht in `clients` steht, wollte das Gateway lesen.",
    },
    {
      en: "If it is your SCADA, add its address; otherwise find out who it is.",
      de: "Ist es Ihr SCADA, Adresse eintragen; sonst herausfinden, wer es ist.",
    },
  ),
  MODBUS_SERVER_FULL: cause(
    { en: "More clients than connectionsMax.", de: "Mehr Clients als connectionsMax." },
    { en: "Does one of them never hang up?", de: "Beendet einer von ihnen seine Verbindung nie?" },
  ),
  MODBUS_SERVER_WRITE_REFUSED: cause(
    {
      en: "Somebody tried to write through the Modbus server; nothing was written.",
      de: "Jemand wollte über den Modbus-Server schreiben; nichts wurde geschrieben.",
    },
    {
      en: "Nothing can be written there. Find out who tries.",
      de: "Dort kann nichts geschrieben werden. Herausfinden, wer es versucht.",
    },
  ),
  MODBUS_SERVER_MALFORMED: cause(
    {
      en: "A client of the Modbus server speaks no Modbus TCP.",
      de: "Ein Client des Modbus-Servers spricht kein Modbus TCP.",
    },
    {
      en: "Which program is it? RTU over TCP does not work here.",
      de: "Welches Programm ist es? RTU over TCP geht hier nicht.",
    },
  ),
  MODBUS_SERVER_CONFIG_DIFFERS: cause(
    {
      en: "The two halves of the gateway run different configurations: the Modbus server has no values.",
      de: "Die beiden Hälften des Gateways haben verschiedene Konfigurationen: der Modbus-Server hat keine Werte.",
    },
    {
      en: "Apply the configuration again with `holdfast config apply FILE`.",
      de: "Die Konfiguration mit `holdfast config apply DATEI` noch einmal anwenden.",
    },
  ),
  MODBUS_SERVER_VALUE_UNFIT: cause(
    {
      en: "A value does not fit the registers it is shown in.",
      de: "Ein Wert passt nicht in die Register, in denen er gezeigt wird.",
    },
    {
      en: "Give the entry a wider type or another scale.",
      de: "Dem Eintrag einen größeren Typ oder eine andere Skalierung geben.",
    },
  ),
} as const satisfies Readonly<Record<string, Cause>>;
