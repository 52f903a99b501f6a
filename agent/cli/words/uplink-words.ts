import type { Phrase } from "./phrase.ts";

/** What `holdfast status` says about the way to the broker. */
export const UPLINK = {
  nextAttempt: { en: "next attempt in {seconds} s", de: "nächster Versuch in {seconds} s" },
  writesRefused: { en: "{count} writes refused", de: "{count} Schreibversuche abgelehnt" },
  rebirthsRefused: { en: "{count} rebirths refused", de: "{count} Rebirths abgelehnt" },
  malformed: { en: "{count} malformed commands", de: "{count} fehlerhafte Befehle" },
  oversize: { en: "{count} oversize packets", de: "{count} zu große Pakete" },
  marks: { en: "marks {acknowledged}/{sent} acknowledged", de: "Marken {acknowledged}/{sent} bestätigt" },
  births: { en: "births {births}  data {data}", de: "Births {births}  Daten {data}" },
  stalled: {
    en: "hybrid key exchange stalls on this way: X25519 alone, hybrid tried again daily",
    de: "hybrider Schlüsselaustausch bleibt auf diesem Weg stecken: nur X25519, hybrid wird täglich versucht",
  },
  by: { en: "by {name}", de: "über {name}" },
  ping: { en: "ping after {seconds} s of silence", de: "Ping nach {seconds} s Stille" },
  host: { en: "primary host {id}", de: "Primary Host {id}" },
  hostOffline: { en: "offline", de: "offline" },
  hostUnknown: { en: "has not said that it is there", de: "hat sich nicht gemeldet" },
  hostWaits: { en: "values wait for it", de: "Werte warten auf ihn" },
  receiver: {
    en: "alarms to {name} {state}, {delivered} delivered",
    de: "Alarme an {name} {state}, {delivered} zugestellt",
  },
  receiverWaiting: { en: "{waiting} waiting", de: "{waiting} warten" },
  receiverLost: { en: "{lost} lost", de: "{lost} verloren" },
  server: {
    en: "modbus server {address}, {clients} clients, {requests} requests",
    de: "Modbus-Server {address}, {clients} Clients, {requests} Anfragen",
  },
  serverDown: { en: "modbus server {address} does not listen", de: "Modbus-Server {address} lauscht nicht" },
  serverRefused: {
    en: "{writes} writes and {clients} clients refused",
    de: "{writes} Schreibversuche und {clients} Clients abgelehnt",
  },
  budget: { en: "budget used up: {classes} held back", de: "Budget aufgebraucht: {classes} zurückgehalten" },
  traffic: { en: "today {day}  this month {month}", de: "heute {day}  diesen Monat {month}" },
} as const satisfies Readonly<Record<string, Phrase>>;
