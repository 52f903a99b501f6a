import type { Clock, Timer } from "../../hal/clock.ts";
import { decodeControlRequest } from "../contract/decode.ts";
import type { Log } from "../contract/log.ts";
import { OUTPUTS_MAX } from "../contract/outputs.ts";
import type { OrderDone, OutputsOrder } from "../contract/rooms.ts";
import type { Kept } from "./kept.ts";

/** How often an order that `field` was too slow for is given to it again. */
export const REDELIVER_MS = 1_000;

export interface RememberedParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly kept: Kept<readonly OutputsOrder[]>;
  /** Null where `field` is not there, or does not answer in time. */
  ask(order: OutputsOrder): Promise<OrderDone | null>;
  /** Whether `field` runs the configuration that it should. */
  settled(): boolean;
}

/**
 * What people at the gateway ask of its outputs, on its way to `field`. The safe direction is never lost: what `field`
 * cannot take now is remembered, over restarts, and given to it before anything else as soon as it is there. There is
 * one hold and one way to the plan at most, each for all outputs that were named: more would say no more.
 */
export class RememberedOrders {
  readonly #parts: RememberedParts;
  #waiting: readonly OutputsOrder[];
  #timer: Timer | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** What an earlier `keeper` remembered is remembered on. Where that cannot be read, `field` has no word of it. */
  static async open(parts: RememberedParts): Promise<RememberedOrders> {
    const stored = await parts.kept.read().catch((error: unknown) => {
      parts.log.error("orders.unreadable", { cause: String(error) });
      return undefined;
    });
    return new RememberedOrders(parts, stored ?? []);
  }

  private constructor(parts: RememberedParts, waiting: readonly OutputsOrder[]) {
    this.#parts = parts;
    this.#waiting = waiting;
  }

  /** One after another, in the order in which people gave them. */
  order(order: OutputsOrder): Promise<OrderDone> {
    return this.#inTurn(async () => {
      const delivered = await this.#deliver();
      const answer = delivered ? await this.#parts.ask(order) : null;
      return answer === null ? this.#remember(order) : { ...answer, id: order.id };
    });
  }

  /** `field` is there, or there again. */
  deliver(): void {
    if (this.#waiting.length > 0) void this.#inTurn(() => this.#deliver());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** True once nothing is left. */
  async #deliver(): Promise<boolean> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    while (this.#waiting[0] !== undefined) {
      const [first, ...rest] = this.#waiting;
      const answer = await this.#parts.ask(first);
      // what it does not know yet it may know once it runs what it should
      const early = answer?.refused !== undefined && !this.#parts.settled();
      if (answer === null || early) {
        this.#timer = this.#parts.clock.after(REDELIVER_MS, () => this.deliver());
        return false;
      }
      this.#parts.log.warn("orders.delivered", { action: first.action, by: first.by, code: answer.refused?.code });
      await this.#keep(rest);
    }
    return true;
  }

  async #remember(order: OutputsOrder): Promise<OrderDone> {
    const { id, action } = order;
    if (action === "release") {
      const message = "field does not answer: it is being started again; nothing was released, ask again then";
      return { kind: "done", id, refused: { code: "FIELD_AWAY", message } };
    }
    const same = this.#waiting.find((one) => one.action === action);
    const merged = same === undefined ? order : { ...order, outputs: union(same, order) };
    const stored = await this.#keep([...this.#waiting.filter((one) => one !== same), merged]);
    this.#timer ??= this.#parts.clock.after(REDELIVER_MS, () => this.deliver());
    const where = stored ? "" : ", though not over a restart of keeper: its disk refuses";
    const message = `remembered${where}; it is done as soon as field is back`;
    return { kind: "done", id, refused: { code: "OUTPUTS_REMEMBERED", message } };
  }

  /** True: also on disk. A disk that fails keeps nobody from holding. */
  async #keep(waiting: readonly OutputsOrder[]): Promise<boolean> {
    this.#waiting = waiting;
    try {
      await this.#parts.kept.replace(waiting.length === 0 ? undefined : waiting);
      return true;
    } catch (error) {
      this.#parts.log.error("orders.not-stored", { cause: String(error) });
      return false;
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

/** Empty means all, and so does more than anybody declares. */
function union(one: OutputsOrder, other: OutputsOrder): string[] {
  if (one.outputs.length === 0 || other.outputs.length === 0) return [];
  const both = [...new Set([...one.outputs, ...other.outputs])];
  return both.length > OUTPUTS_MAX ? [] : both;
}

/** What is stored was decoded before, and may be another version's. */
export function decodeOrders(value: unknown): readonly OutputsOrder[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const orders = value.map((one: unknown) => decodeControlRequest(one)).filter((one) => one?.kind === "outputs");
  return orders.length === value.length ? orders : undefined;
}
