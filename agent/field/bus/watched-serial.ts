import type { Serial } from "../../../hal/serial.ts";
import type { Witness } from "./witness.ts";

/**
 * A serial line with somebody listening along, who hears both directions before anybody acts on them. Where the line is
 * known to echo, our own bytes end here: to a write the echo would pass for its answer.
 */
export function watchedSerial(serial: Serial, witness: Pick<Witness, "sent" | "heard" | "echoing">): Serial {
  return {
    async open(line, listener) {
      const echo = new Echo();
      const port = await serial.open(line, {
        bytes(chunk) {
          witness.heard(chunk);
          const rest = echo.strip(chunk);
          if (rest.length > 0) listener.bytes(rest);
        },
        vanished: (error) => listener.vanished(error),
      });
      return {
        write(bytes) {
          witness.sent(bytes);
          echo.expect(witness.echoing ? bytes : EMPTY);
          return port.write(bytes);
        },
        [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
      };
    },
  };
}

const EMPTY = new Uint8Array(0);

/** Our own latest bytes, as far as they have not come back yet. */
class Echo {
  #expected: Uint8Array = EMPTY;
  #back = 0;

  expect(bytes: Uint8Array): void {
    this.#expected = bytes;
    this.#back = 0;
  }

  /**
   * What of a chunk is no echo, with what was taken for one until it turned out to be none. Noise may come before it:
   * adapters make some when they begin to send.
   */
  strip(chunk: Uint8Array): Uint8Array {
    let from = 0;
    if (this.#back === 0 && this.#expected.length > 0) {
      const begin = chunk.indexOf(this.#expected[0] as number);
      from = begin === -1 ? chunk.length : begin;
    }
    const noise = chunk.subarray(0, from);
    let at = from;
    while (at < chunk.length && this.#back < this.#expected.length) {
      if (chunk[at] !== this.#expected[this.#back]) {
        const taken = this.#expected.subarray(0, this.#back);
        this.expect(EMPTY);
        return Buffer.concat([noise, taken, chunk.subarray(at)]);
      }
      at++;
      this.#back++;
    }
    return from === 0 ? chunk.subarray(at) : Buffer.concat([noise, chunk.subarray(at)]);
  }
}
