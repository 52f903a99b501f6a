/** `2026-01-02 03:04:05.678`, in UTC; a time no calendar has as the number it is. */
export function timeText(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? `${unixMs} ms` : date.toISOString().slice(0, -1).replace("T", " ");
}

/** The same day's time without its date. */
export function timeTextBeside(unixMs: number, besideMs: number | undefined): string {
  const text = timeText(unixMs);
  if (besideMs === undefined) return text;
  const [day = "", time = text] = text.split(" ");
  return timeText(besideMs).startsWith(`${day} `) ? time : text;
}
