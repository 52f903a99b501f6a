import type { Cause } from "./cause.ts";

const LOOK_AT_LOG = {
  en: "Look at `journalctl --namespace=holdfast`.",
  de: "`journalctl --namespace=holdfast` ansehen.",
};

/** Network, disk, rooms: what the machine under the gateway refuses. */
export const MACHINE_CAUSES = {
  HAL_CONNECT_REFUSED: {
    title: { en: "The other side refuses the connection.", de: "Die Gegenseite lehnt die Verbindung ab." },
    steps: [
      {
        en: "Does the service there run, and is the port right?",
        de: "Läuft der Dienst dort, und stimmt der Port?",
      },
    ],
  },
  HAL_CONNECT_UNREACHABLE: {
    title: { en: "There is no way to the other side.", de: "Es führt kein Weg zur Gegenseite." },
    steps: [
      { en: "Check cable, address, route and modem.", de: "Kabel, Adresse, Route und Modem prüfen." },
      { en: "`ip route get ADDRESS` shows which way it would go.", de: "`ip route get ADRESSE` zeigt den Weg." },
    ],
  },
  HAL_CONNECT_TIMEOUT: {
    title: { en: "The other side never answered.", de: "Die Gegenseite hat nie geantwortet." },
    steps: [
      {
        en: "Is it switched on? Does a firewall swallow the packets?",
        de: "Ist sie eingeschaltet? Schluckt eine Firewall die Pakete?",
      },
    ],
  },
  HAL_CONNECT_FAILED: {
    title: { en: "The connection could not be made.", de: "Die Verbindung kam nicht zustande." },
    steps: [{ en: "The text above is the kernel's own.", de: "Der Text oben stammt vom Kernel." }],
  },
  HAL_NAME_UNRESOLVED: {
    title: { en: "The name leads to no address.", de: "Der Name lässt sich nicht auflösen." },
    steps: [
      {
        en: "Is the name spelled right? Does the gateway have a name server (`resolvectl status`)?",
        de: "Ist der Name richtig geschrieben? Hat das Gateway einen Nameserver (`resolvectl status`)?",
      },
    ],
  },
  HAL_INTERFACE_UNKNOWN: {
    title: {
      en: "The machine has no network interface of that name.",
      de: "Der Rechner hat keine Netzwerkschnittstelle dieses Namens.",
    },
    steps: [
      {
        en: "`ip link` shows those it has; correct `interfaces:`.",
        de: "`ip link` zeigt die vorhandenen; `interfaces:` berichtigen.",
      },
    ],
  },
  HAL_INTERFACE_NO_ADDRESS: {
    title: { en: "The network interface has no address.", de: "Die Netzwerkschnittstelle hat keine Adresse." },
    steps: [
      {
        en: "Check cable, modem and DHCP of that interface.",
        de: "Kabel, Modem und DHCP dieser Schnittstelle prüfen.",
      },
    ],
  },
  HAL_TLS_UNTRUSTED: {
    title: {
      en: "The other side's certificate is not one we trust.",
      de: "Dem Zertifikat der Gegenseite wird nicht vertraut.",
    },
    steps: [
      {
        en: "Check the anchors in the file, the certificate there, and the gateway's clock.",
        de: "Vertrauensanker in der Datei, Zertifikat dort und Uhr des Gateways prüfen.",
      },
    ],
  },
  HAL_TLS_REFUSED: {
    title: {
      en: "The other side refuses our certificate or offer.",
      de: "Die Gegenseite lehnt unser Zertifikat oder Angebot ab.",
    },
    steps: [
      {
        en: "Does it trust the CA of our certificate, and is that still valid?",
        de: "Vertraut sie der CA unseres Zertifikats, und ist es noch gültig?",
      },
    ],
  },
  HAL_TLS_FAILED: {
    title: { en: "Encryption could not be set up.", de: "Die Verschlüsselung kam nicht zustande." },
    steps: [
      {
        en: "Does the port speak TLS? What stands on the way to it?",
        de: "Spricht der Port TLS? Was liegt auf dem Weg dorthin?",
      },
    ],
  },
  HAL_TLS_MATERIAL: {
    title: {
      en: "A key, certificate or anchor file of ours does not fit.",
      de: "Eine unserer Schlüssel-, Zertifikats- oder Ankerdateien passt nicht.",
    },
    steps: [
      {
        en: "Do key and certificate belong together, and are all of them PEM?",
        de: "Gehören Schlüssel und Zertifikat zusammen, und sind alle PEM?",
      },
    ],
  },
  HAL_HTTP_CLOSED: {
    title: { en: "A web server or proxy hung up.", de: "Ein Webserver oder Proxy hat die Verbindung beendet." },
    steps: [{ en: "Look at its log.", de: "Sein Protokoll ansehen." }],
  },
  HAL_HTTP_INVALID: {
    title: { en: "A web server or proxy speaks no HTTP.", de: "Ein Webserver oder Proxy spricht kein HTTP." },
    steps: [{ en: "Is it the right port?", de: "Ist es der richtige Port?" }],
  },
  HAL_LISTEN_FAILED: {
    title: { en: "The address cannot be listened on.", de: "Auf der Adresse lässt sich nicht lauschen." },
    steps: [
      {
        en: "Is the address this machine's, and the port free (`ss -ltn`)?",
        de: "Gehört die Adresse zu diesem Rechner, und ist der Port frei (`ss -ltn`)?",
      },
    ],
  },
  HAL_FILE_MISSING: {
    title: { en: "A file is missing.", de: "Eine Datei fehlt." },
    steps: [
      {
        en: "Put it where the text above names it, or correct the path.",
        de: "An die genannte Stelle legen oder den Pfad berichtigen.",
      },
    ],
  },
  HAL_FILE_REFUSED: {
    title: { en: "A file may not be read.", de: "Eine Datei darf nicht gelesen werden." },
    steps: [
      {
        en: "Let the account that needs it (holdfast-field or holdfast-uplink) read it, and nobody else.",
        de: "Dem Konto, das sie braucht (holdfast-field oder holdfast-uplink), Leserecht geben, sonst niemandem.",
      },
    ],
  },
  HAL_DISK_FULL: {
    title: { en: "The disk is full.", de: "Der Datenträger ist voll." },
    steps: [
      {
        en: "`df -h` and `du -xh / | sort -h | tail` show what fills it.",
        de: "`df -h` und `du -xh / | sort -h | tail` zeigen, was ihn füllt.",
      },
    ],
  },
  HAL_DISK_FAILED: {
    title: {
      en: "The disk failed: something is not stored.",
      de: "Der Datenträger versagt: etwas ist nicht gespeichert.",
    },
    steps: [
      {
        en: "Look at `dmesg`; replace the card before it dies.",
        de: "`dmesg` ansehen; Karte tauschen, bevor sie stirbt.",
      },
    ],
  },
  HAL_CELL_SIZE: {
    title: { en: "Something is too large to be stored.", de: "Etwas ist zu groß, um gespeichert zu werden." },
    steps: [{ en: "Divide the plant between several gateways.", de: "Die Anlage auf mehrere Gateways verteilen." }],
  },
  ROOM_AWAY: {
    title: {
      en: "This process does not answer; it is being started again.",
      de: "Dieser Prozess antwortet nicht; er wird neu gestartet.",
    },
    steps: [{ en: "Look again in five seconds.", de: "In fünf Sekunden noch einmal schauen." }, LOOK_AT_LOG],
  },
  UNCONFIGURED: {
    title: { en: "There is no configuration yet.", de: "Es gibt noch keine Konfiguration." },
    steps: [
      {
        en: "`holdfast config example` gives one to begin with; put it into /etc/holdfast/gateway.yaml.",
        de: "`holdfast config example` liefert eine zum Anfangen; nach /etc/holdfast/gateway.yaml legen.",
      },
    ],
  },
  CONFIG_REFUSED: {
    title: {
      en: "The newest configuration is refused; the one before stays in force.",
      de: "Die neueste Konfiguration wurde abgelehnt; die vorige bleibt in Kraft.",
    },
    steps: [
      {
        en: "Mend each place above, try it with `holdfast config check FILE`, then save the file.",
        de: "Jede oben genannte Stelle berichtigen, mit `holdfast config check DATEI` prüfen, dann speichern.",
      },
    ],
  },
  QUEUE_DROPPED: {
    title: {
      en: "Values were lost: the uplink was away for longer than the queue is long.",
      de: "Werte gingen verloren: der Uplink war länger weg, als die Warteschlange reicht.",
    },
    steps: [
      {
        en: "Hosts are told which ones. Raise uplink.queueValuesMax, or mend the uplink sooner.",
        de: "Hosts erfahren, welche. uplink.queueValuesMax erhöhen oder den Uplink früher reparieren.",
      },
    ],
  },
  CLOCK_UNTRUSTED: {
    title: {
      en: "Nobody has set the clock: times may be wrong.",
      de: "Niemand hat die Uhr gestellt: Zeiten können falsch sein.",
    },
    steps: [
      {
        en: "Let the gateway reach a time server (`timedatectl`).",
        de: "Dem Gateway Zugang zu einem Zeitserver geben (`timedatectl`).",
      },
    ],
  },
} as const satisfies Readonly<Record<string, Cause>>;
