/** Words longer than this are compared by nobody. */
const WORD_CHARS_MAX = 64;

/** The word most like the one offered, or undefined where none is near: one typing error for every three letters. */
export function nearest(offered: string, words: readonly string[]): string | undefined {
  const plain = simplify(offered);
  if (plain.length === 0 || plain.length > WORD_CHARS_MAX) return undefined;
  const same = words.find((word) => simplify(word) === plain);
  if (same !== undefined) return same;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const word of words) {
    const distance = editDistance(plain, simplify(word));
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best ?? words.find((word) => plain.length >= 3 && simplify(word).startsWith(plain));
}

/** How often a long list is searched for what may have been meant: whoever has more wrong has another list in mind. */
const SEARCHES_MAX = 20;

/** The same for words of the file itself, which may be thousands: after some searches it finds nothing any more. */
export function sparingNearest(): typeof nearest {
  let searches = 0;
  return (offered, words) => (searches++ < SEARCHES_MAX ? nearest(offered, words) : undefined);
}

/** `poll_ms`, `Poll-MS` and `pollMs` are one word. */
function simplify(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/gu, "");
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (before[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
