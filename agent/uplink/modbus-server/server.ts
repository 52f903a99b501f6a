import { isDeepStrictEqual } from "node:util";
import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Network, NetworkStream } from "../../../hal/network.ts";
import type { ModbusServerEntry, ModbusServerSnapshot } from "../../config/snapshot/modbus-server.ts";
import { isInside, parseBlock } from "../../contract/address-block.ts";
import type { Log } from "../../contract/log.ts";
import type { ModbusServerStatus } from "../../contract/modbus-server.ts";
import type { ScalarValue } from "../../contract/point.ts";
import { Client } from "./client.ts";
import { RegisterMap } from "./register-map.ts";
import type { ShownValues } from "./shown-values.ts";
import { Tally } from "./tally.ts";

/** An address may come with its cable, and a port be free once another program has ended. */
const RETRY_MS = 5_000;
/** Where there is no room left, a connection of the same client that is silent for so long was given up by it. */
const GIVEN_UP_MS = 30_000;
const MESSAGE_CHARS_MAX = 400;
/** Enough of a digest to tell two apart. */
const DIGEST_CHARS = 19;

export interface ModbusServerParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly log: Log;
  readonly values: ShownValues;
  /** of the configuration that runs */
  readonly configDigest: () => string;
}

/**
 * The gateway's points for legacy SCADA: plain Modbus TCP that can only be read, for whoever connects from a configured
 * address. Without a configuration nothing listens. Neither a broker nor `field` has to be there for it to answer.
 * @see IEC 62443-4-2 CCSC 2: Modbus authenticates nobody; docs/operate/modbus-server.md names the compensating measures
 */
export class ModbusServer implements AsyncDisposable {
  readonly #parts: ModbusServerParts;
  #part: ModbusServerSnapshot | undefined;
  #serving: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #tally: Tally;
  #listening = false;
  readonly #clients = new Set<Client>();

  constructor(parts: ModbusServerParts) {
    this.#parts = parts;
    this.#tally = new Tally(parts.clock, parts.log);
  }

  /** Serves this from now on; undefined: nothing. What stays as it was is not disturbed. */
  configure(part: ModbusServerSnapshot | undefined): void {
    if (isDeepStrictEqual(part, this.#part)) return;
    this.#part = part;
    const before = this.#serving;
    before?.abort.abort();
    if (part === undefined) {
      this.#serving = undefined;
      return;
    }
    const abort = new AbortController();
    this.#serving = { abort, done: this.#serve(part, before?.done, abort.signal) };
  }

  /** undefined where none is configured */
  status(): ModbusServerStatus | undefined {
    if (this.#part === undefined) return undefined;
    const { requests, unanswered, refusedWrites, refusedClients, lastFault } = this.#tally;
    return {
      address: `${this.#part.host} port ${this.#part.port}`,
      listening: this.#listening,
      clients: this.#clients.size,
      requests,
      unanswered,
      refusedWrites,
      refusedClients,
      ...(lastFault === undefined ? {} : { lastFault }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { done } = this.#serving ?? {};
    this.configure(undefined);
    await done;
  }

  async #serve(part: ModbusServerSnapshot, before: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
    const { clock, network, log } = this.#parts;
    await before;
    const where = { kind: "tcp", host: part.host, port: part.port } as const;
    const accept = this.#reception(part);
    while (!signal.aborted) {
      try {
        await using _listener = await network.listen(where, accept);
        this.#listening = true;
        log.info("modbus-server.listening", { host: part.host, port: part.port });
        await aborted(signal);
      } catch (error) {
        const why = (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_CHARS_MAX);
        const next = "see docs/operate/modbus-server.md for what has to allow it";
        this.#tally.fault("MODBUS_SERVER_LISTEN_FAILED", `${why}; ${next}`);
        await sleep(clock, RETRY_MS, signal).catch(() => {});
      } finally {
        this.#listening = false;
        for (const client of this.#clients) client.close();
      }
    }
  }

  #reception({ unit, clients, connectionsMax, entries }: ModbusServerSnapshot): (stream: NetworkStream) => void {
    const { clock, values, configDigest } = this.#parts;
    const tally = this.#tally;
    const blocks = clients.flatMap((client) => parseBlock(client) ?? []);
    const valueOf = (index: number): ScalarValue | undefined => {
      const value = values.get(index, configDigest());
      const other = values.otherDigest;
      if (other !== undefined) {
        const [field, own] = [other, configDigest()].map((digest) => digest.slice(0, DIGEST_CHARS));
        const message = `field runs configuration ${field}, this server ${own}: no value can be told from another`;
        tally.fault(
          "MODBUS_SERVER_CONFIG_DIFFERS",
          `${message}; see holdfast status and apply the configuration again`,
        );
      }
      return value;
    };
    const unfit = ({ point, type }: ModbusServerEntry, value: ScalarValue): void => {
      const offered = JSON.stringify(value).slice(0, 40);
      tally.fault("MODBUS_SERVER_VALUE_UNFIT", `${point} is ${offered}, which its ${type} cannot hold`);
    };
    const map = new RegisterMap(entries, valueOf, unfit);
    return (stream) => {
      const { remoteAddress = "" } = stream;
      if (!isInside(remoteAddress, blocks)) {
        this.#turnAway(stream, "MODBUS_SERVER_CLIENT_REFUSED", `${remoteAddress} is none of the configured clients`);
        return;
      }
      if (this.#clients.size >= connectionsMax && !this.#makeRoom(remoteAddress)) {
        const message = `${remoteAddress} finds ${connectionsMax} connections open, and no more are allowed`;
        this.#turnAway(stream, "MODBUS_SERVER_FULL", message);
        return;
      }
      const client = new Client(stream, { clock, unit, map, tally });
      this.#clients.add(client);
      stream.once("close", () => this.#clients.delete(client));
    };
  }

  /** Before a byte of it is read. */
  #turnAway(stream: NetworkStream, code: "MODBUS_SERVER_CLIENT_REFUSED" | "MODBUS_SERVER_FULL", message: string): void {
    stream.destroy();
    this.#tally.refusedClients += 1;
    this.#tally.fault(code, message);
  }

  #makeRoom(address: string): boolean {
    const silent = [...this.#clients].filter((one) => one.address === address && one.silentMs >= GIVEN_UP_MS);
    const longest = silent.toSorted((a, b) => b.silentMs - a.silentMs)[0];
    if (longest === undefined) return false;
    this.#clients.delete(longest);
    longest.close();
    return true;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
