import { isDeepStrictEqual } from "node:util";
import type { UplinkSnapshot } from "../../config/snapshot.ts";
import type { Configure, Configured } from "../../contract/rooms.ts";
import { keepConnected } from "../broker.ts";
import type { ServeParts } from "../serve.ts";
import { isUplinkPart } from "./part.ts";
import type { PartStore, StoredPart } from "./part.ts";

/** Which configuration runs: the last good one from the start, a newer one as soon as `keeper` offers it. */
export class Configuration {
  readonly #parts: ServeParts;
  readonly #store: PartStore;
  readonly #applied: (part: UplinkSnapshot) => void;
  #current: StoredPart | undefined;
  #offers: Promise<unknown> = Promise.resolve();
  #changed = new AbortController();

  /** @param applied told of each part that runs from now on, the stored one at the start included */
  constructor(parts: ServeParts, store: PartStore, applied: (part: UplinkSnapshot) => void = () => {}) {
    this.#parts = parts;
    this.#store = store;
    this.#applied = applied;
  }

  get part(): UplinkSnapshot | undefined {
    return this.#current?.part;
  }

  /** Takes up the stored configuration. One that does not read is as good as none: `keeper` has the original. */
  async start(): Promise<void> {
    const { state, log } = this.#parts;
    try {
      this.#current = await this.#store.read();
    } catch (error) {
      log.error("configuration.unreadable", { message: error instanceof Error ? error.message : String(error) });
    }
    state.configDigest = this.#current?.digest ?? "";
    if (this.#current !== undefined) this.#applied(this.#current.part);
  }

  /** Runs whatever is configured, now and later. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#changed = new AbortController();
      const until = AbortSignal.any([signal, this.#changed.signal]);
      if (this.#current === undefined) await aborted(until);
      else await keepConnected(this.#parts, this.#current.part, until);
    }
  }

  /** Answers an offer once it is stored; the connection changes after that, and only if it would be another. */
  offer(configure: Configure): Promise<Configured> {
    const answer = this.#offers.then(() => this.#take(configure));
    this.#offers = answer;
    return answer;
  }

  async #take({ digest, part }: Configure): Promise<Configured> {
    if (!isUplinkPart(part)) {
      return this.#refused(digest, "UPLINK_CONFIG_REFUSED", "not the uplink's part of a snapshot");
    }
    const before = this.#current;
    const same = before !== undefined && isDeepStrictEqual(before.part, part);
    if (!same || before.digest !== digest) {
      try {
        await this.#store.replace({ digest, part });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return this.#refused(
          digest,
          "UPLINK_STATE_FAILED",
          `the configuration could not be stored: ${why}`.slice(0, 512),
        );
      }
      this.#current = { digest, part };
      this.#parts.state.configDigest = digest;
    }
    if (!same) {
      this.#parts.log.info("configuration.changed", { digest });
      this.#applied(part);
      if (before === undefined || !sameSession(before.part, part)) this.#changed.abort();
    }
    return { kind: "configured", digest };
  }

  #refused(offered: string, code: string, message: string): Configured {
    const { configDigest } = this.#parts.state;
    return { kind: "configured", digest: configDigest, refused: { digest: offered, code, message } };
  }
}

/** Whether the connection to the broker may go on: receivers of alarms and the Modbus server are none of its business. */
function sameSession(a: UplinkSnapshot, b: UplinkSnapshot): boolean {
  const session = ({ notify: _notify, modbusServer: _server, ...rest }: UplinkSnapshot) => rest;
  return isDeepStrictEqual(session(a), session(b));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
