import type { Cause } from "./cause.ts";

/** Lines, sockets and devices. */
export const FIELD_CAUSES = {
  DEVICE_NO_REPLY: {
    title: { en: "The device does not answer.", de: "Das Gerät antwortet nicht." },
    steps: [
      {
        en: "Is it powered, and is its bus cable plugged in at both ends?",
        de: "Hat es Spannung, und steckt sein Buskabel an beiden Enden?",
      },
      {
        en: "Are unit id, baud rate and parity at the device those of the file?",
        de: "Stimmen Unit-ID, Baudrate und Parität am Gerät mit der Datei überein?",
      },
      {
        en: "If it answers slowly, raise timeoutMs of the device.",
        de: "Antwortet es nur langsam, timeoutMs des Geräts erhöhen.",
      },
    ],
  },
  DEVICE_BAD_FRAME: {
    title: { en: "What the device answers is damaged.", de: "Die Antworten des Geräts sind beschädigt." },
    steps: [
      {
        en: "Check termination, polarity (A/B), shielding and the length of the stub to this device.",
        de: "Abschluss, Polung (A/B), Schirm und Länge der Stichleitung zu diesem Gerät prüfen.",
      },
      {
        en: "Do two devices have this unit id? Unplug this one: if something still answers, yes.",
        de: "Haben zwei Geräte diese Unit-ID? Dieses abklemmen: antwortet noch etwas, dann ja.",
      },
      { en: "Is the parity that of the file?", de: "Stimmt die Parität mit der Datei überein?" },
    ],
  },
  DEVICE_EXCEPTION: {
    title: { en: "The device refuses a request.", de: "Das Gerät lehnt eine Anfrage ab." },
    steps: [
      {
        en: "Exception 1: it has no such function; 2: no such register; 3: not so many at once; 4: it is broken; 6: it is busy.",
        de: "Exception 1: Funktion fehlt; 2: Register fehlt; 3: nicht so viele auf einmal; 4: Gerät defekt; 6: Gerät beschäftigt.",
      },
      {
        en: "Compare table and address with the manual: 40001 on paper is holding-register 0 on the wire.",
        de: "Tabelle und Adresse mit dem Handbuch vergleichen: 40001 auf Papier ist holding-register 0 auf der Leitung.",
      },
    ],
  },
  DEVICE_INVALID_VALUES: {
    title: { en: "Some answers are no values.", de: "Manche Antworten sind keine Werte." },
    steps: [
      {
        en: "Look at `holdfast status --points` for the points that are not a number or not text.",
        de: "Mit `holdfast status --points` die Punkte suchen, die keine Zahl oder kein Text sind.",
      },
      {
        en: "Check their type, wordOrder and byteOrder against the manual.",
        de: "Deren type, wordOrder und byteOrder mit dem Handbuch vergleichen.",
      },
    ],
  },
  BUS_OCCUPIED: {
    title: {
      en: "The line never falls silent: something else is talking.",
      de: "Auf der Leitung ist nie Ruhe: etwas anderes sendet.",
    },
    steps: [
      {
        en: "Is there a second master, such as a laptop or an old controller? See `holdfast inventory`.",
        de: "Gibt es einen zweiten Master, etwa einen Laptop oder eine alte Steuerung? Siehe `holdfast inventory`.",
      },
      {
        en: "Unplug the devices one by one until the line is quiet: the last one babbles.",
        de: "Geräte einzeln abklemmen, bis Ruhe ist: das zuletzt abgeklemmte stört.",
      },
    ],
  },
  BUS_SILENT: {
    title: {
      en: "Connected, and nobody answers: the connection is being made anew.",
      de: "Verbunden, aber niemand antwortet: die Verbindung wird neu aufgebaut.",
    },
    steps: [
      {
        en: "Are the unit ids those that the device or gateway behind this address has?",
        de: "Sind die Unit-IDs die, die das Gerät oder Gateway hinter dieser Adresse hat?",
      },
      {
        en: "Does another client hold its only connection?",
        de: "Belegt ein anderer Client seine einzige Verbindung?",
      },
    ],
  },
  BUS_CONNECTION_CLOSED: {
    title: { en: "The device closed the connection.", de: "Das Gerät hat die Verbindung geschlossen." },
    steps: [
      {
        en: "Many devices take one client only: is another one connected?",
        de: "Viele Geräte lassen nur einen Client zu: ist ein anderer verbunden?",
      },
    ],
  },
  BUS_CONNECTION_LOST: {
    title: { en: "The connection broke.", de: "Die Verbindung ist abgerissen." },
    steps: [
      { en: "Check switch, cable and power of the device.", de: "Switch, Kabel und Spannung des Geräts prüfen." },
    ],
  },
  BUS_FRAME_MALFORMED: {
    title: { en: "What comes back is not Modbus.", de: "Was zurückkommt, ist kein Modbus." },
    steps: [
      {
        en: "Is it the right port, and the right framing (mbap, rtu, ascii)?",
        de: "Ist es der richtige Port und das richtige framing (mbap, rtu, ascii)?",
      },
    ],
  },
  BUS_OPEN_FAILED: {
    title: { en: "The line could not be opened.", de: "Die Leitung ließ sich nicht öffnen." },
    steps: [{ en: "Run `holdfast self-test`.", de: "`holdfast self-test` ausführen." }],
  },
  BUS_CRASHED: {
    title: {
      en: "A fault of Holdfast itself: the bus starts over.",
      de: "Ein Fehler in Holdfast selbst: der Bus wird neu gestartet.",
    },
    steps: [
      {
        en: "Please report it, with `journalctl --namespace=holdfast -u holdfast-field`.",
        de: "Bitte melden, mit `journalctl --namespace=holdfast -u holdfast-field`.",
      },
    ],
  },
  BUS_OPENING: {
    title: { en: "The line or socket is being opened.", de: "Leitung oder Socket wird gerade geöffnet." },
    steps: [{ en: "Look again in a few seconds.", de: "In einigen Sekunden noch einmal schauen." }],
  },
  BUS_LATE: {
    title: {
      en: "The bus has more to do than time.",
      de: "Der Bus ist überlastet: die Zeit reicht nicht für alle Abfragen.",
    },
    steps: [
      {
        en: "`holdfast config plan FILE` shows what takes the time, and what merging would save.",
        de: "`holdfast config plan DATEI` zeigt, was wie viel Zeit kostet und was Zusammenfassen spart.",
      },
    ],
  },
  HAL_PORT_UNKNOWN: {
    title: { en: "There is no such serial port.", de: "Diesen seriellen Anschluss gibt es nicht." },
    steps: [
      {
        en: "Is the adapter plugged in? `ls -l /dev/serial/by-id` shows those that are.",
        de: "Steckt der Adapter? `ls -l /dev/serial/by-id` zeigt die vorhandenen.",
      },
    ],
  },
  HAL_PORT_REFUSED: {
    title: { en: "The serial port cannot be opened.", de: "Der serielle Anschluss lässt sich nicht öffnen." },
    steps: [
      {
        en: "Does another program hold it? `fuser -v` with its path tells.",
        de: "Belegt ihn ein anderes Programm? `fuser -v` mit dem Pfad zeigt es.",
      },
      {
        en: "May the account holdfast-field open it (group dialout)?",
        de: "Darf das Konto holdfast-field ihn öffnen (Gruppe dialout)?",
      },
    ],
  },
  HAL_PORT_VANISHED: {
    title: { en: "The serial port went away.", de: "Der serielle Anschluss ist verschwunden." },
    steps: [
      {
        en: "Plug the adapter in again; it is opened by itself. `dmesg` tells why it went.",
        de: "Adapter wieder einstecken; er wird von selbst geöffnet. `dmesg` zeigt, warum er verschwand.",
      },
    ],
  },
  HAL_PORT_CLOSED: {
    title: { en: "The serial port was closed.", de: "Der serielle Anschluss wurde geschlossen." },
    steps: [{ en: "It is opened again by itself.", de: "Er wird von selbst wieder geöffnet." }],
  },
  HAL_SERIAL_UNAVAILABLE: {
    title: {
      en: "This installation cannot open serial ports.",
      de: "Diese Installation kann keine seriellen Anschlüsse öffnen.",
    },
    steps: [
      {
        en: "Install the package for this machine again; `holdfast self-test` tells more.",
        de: "Das Paket für diesen Rechner neu installieren; `holdfast self-test` sagt mehr.",
      },
    ],
  },
  LINE_UNREAD: {
    title: { en: "The input has not been read yet.", de: "Der Eingang wurde noch nicht gelesen." },
    steps: [{ en: "Look again in ten seconds.", de: "In zehn Sekunden noch einmal schauen." }],
  },
  HAL_LINE_UNKNOWN: {
    title: { en: "The housing has no such line.", de: "Diesen Ein- oder Ausgang hat das Gehäuse nicht." },
    steps: [
      {
        en: "Compare `io:` in the file with the board's manual.",
        de: "`io:` in der Datei mit dem Handbuch der Platine vergleichen.",
      },
    ],
  },
  HAL_LINE_REFUSED: {
    title: {
      en: "A line of the housing cannot be opened.",
      de: "Ein Ein- oder Ausgang des Gehäuses lässt sich nicht öffnen.",
    },
    steps: [
      {
        en: "See docs/operate/housing.md: the systemd unit must allow it.",
        de: "Siehe docs/operate/housing.md: die systemd-Unit muss es erlauben.",
      },
    ],
  },
  HAL_LINE_FAILED: {
    title: {
      en: "A line of the housing can no longer be read or set.",
      de: "Ein Ein- oder Ausgang des Gehäuses lässt sich nicht mehr lesen oder setzen.",
    },
    steps: [
      {
        en: "Restart the gateway; if it stays, the board is broken.",
        de: "Gateway neu starten; bleibt der Fehler, ist die Platine defekt.",
      },
    ],
  },
} as const satisfies Readonly<Record<string, Cause>>;
