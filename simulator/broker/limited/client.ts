import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet } from "mqtt-packet";
import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Access } from "../access.ts";
import { covers } from "../access.ts";
import { REASONS, publishExcess, topicExcess } from "./limits.ts";
import type { Excess, Limits } from "./limits.ts";
import { openMeter } from "./meter.ts";
import type { Mischief } from "./mischief.ts";
import type { PacketLink } from "./packet-link.ts";

/** As the standard has it: silence of one and a half keep-alives is death. @see MQTT 5 §3.1.2.10 */
const KEEPALIVE_FACTOR = 1.5;
const SUBSCRIBE_REFUSED = 0x80;
const FILTER_INVALID = 0x8f;

/** The packet that says who somebody is, and that counts as its connection. */
export interface Connected {
  readonly identity: string;
  readonly connect: IConnectPacket;
}

export interface ClientParts extends Connected {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly mischief: Mischief;
  readonly access: Access;
  readonly link: PacketLink;
  violated(excess: Excess, detail: string): void;
  published(packet: Pick<IPublishPacket, "topic" | "payload" | "qos" | "retain">): void;
  subscribed(filters: readonly string[]): void;
}

/** One client from its CONNACK on. */
export class LimitedClient {
  readonly #parts: ClientParts;
  readonly #publishes;
  readonly #bytes;
  readonly #filters = new Set<string>();
  #silence: Timer | undefined;
  #taken = 0;
  #unacknowledged = 0;
  /** whether it said goodbye, so that nobody speaks for it */
  left = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#publishes = openMeter(parts.clock);
    this.#bytes = openMeter(parts.clock);
  }

  get identity(): string {
    return this.#parts.identity;
  }

  get clientId(): string {
    return this.#parts.connect.clientId;
  }

  hears(topic: string): boolean {
    return [...this.#filters].some((filter) => covers(filter, topic));
  }

  send(packet: Packet): void {
    this.#parts.link.send(packet);
  }

  /** Ends it, saying why where its MQTT has words for that. */
  end(reasonCode: number): void {
    this.#stop();
    if (this.#parts.connect.protocolVersion === 5) this.send({ cmd: "disconnect", reasonCode });
    this.#parts.link.close();
  }

  closed(): void {
    this.#stop();
  }

  receive(packet: Packet, bytes: number): void {
    this.listen();
    if (packet.cmd === "publish") this.#publish(packet, bytes);
    else if (packet.cmd === "subscribe") this.#subscribe(packet);
    else if (packet.cmd === "pingreq") this.send({ cmd: "pingresp" });
    else if (packet.cmd === "puback") return;
    else if (packet.cmd === "disconnect") {
      this.left = true;
      this.#stop();
    } else this.#refuse("malformed", packet.cmd);
  }

  /** Whatever is heard, the keep-alive begins anew. */
  listen(): void {
    this.#silence?.[Symbol.dispose]();
    const seconds = keepaliveS(this.#parts.limits, this.#parts.connect);
    if (seconds === 0) return;
    this.#silence = this.#parts.clock.after(seconds * KEEPALIVE_FACTOR * 1_000, () => this.end(REASONS.keepalive));
  }

  #stop(): void {
    this.#silence?.[Symbol.dispose]();
    this.#silence = undefined;
  }

  #refuse(excess: Excess, detail: string): void {
    this.#parts.violated(excess, detail);
    this.end(REASONS[excess]);
  }

  #publish(packet: IPublishPacket, bytes: number): void {
    const { limits, mischief, access } = this.#parts;
    const { topic } = packet;
    const beyond = publishExcess(limits, packet, bytes);
    if (beyond !== undefined) return this.#refuse(beyond.excess, beyond.detail);
    if (this.#isTooFast(bytes)) {
      if (limits.overRate === "disconnect") this.end(REASONS["publish-rate"]);
      return undefined;
    }
    this.#taken += 1;
    if (mischief.closeAtEveryPublish !== undefined && this.#taken % mischief.closeAtEveryPublish === 0) {
      this.#stop();
      return this.#parts.link.close();
    }
    const allowed = access.publish.some((filter) => covers(filter, topic));
    if (!allowed) this.#parts.violated("forbidden", topic);
    else if (mischief.swallow?.(topic) !== true) this.#parts.published(packet);
    return this.#acknowledge(packet, allowed);
  }

  #isTooFast(bytes: number): boolean {
    const { limits, violated } = this.#parts;
    const publishes = this.#publishes.add(1);
    const inSecond = this.#bytes.add(bytes);
    const { publishesPerSecondMax = publishes, bytesPerSecondMax = inSecond } = limits;
    if (publishes <= publishesPerSecondMax && inSecond <= bytesPerSecondMax) return false;
    violated("publish-rate", `${publishes} messages, ${inSecond} bytes`);
    this.#publishes.undo();
    this.#bytes.undo();
    return true;
  }

  #acknowledge({ qos, messageId }: IPublishPacket, allowed: boolean): void {
    const { mischief, limits, connect } = this.#parts;
    if (qos === 0 || messageId === undefined) return;
    if (mischief.keepAcknowledgements === true) {
      this.#unacknowledged += 1;
      if (this.#unacknowledged > limits.inFlightMax && connect.protocolVersion === 5) {
        this.#refuse("in-flight", `${this.#unacknowledged}`);
      }
      return;
    }
    // MQTT 3.1.1 has no word for no: what is forbidden is acknowledged, and gone
    const said = { cmd: "puback", messageId, reasonCode: allowed ? 0 : REASONS.forbidden } as const;
    this.send(said);
    if (mischief.chatter !== true) return;
    this.send(said);
    this.send(said);
    this.send({ ...said, messageId: (messageId % 65_535) + 1 });
  }

  #subscribe(packet: ISubscribePacket): void {
    const { limits, mischief, access, connect } = this.#parts;
    const { messageId, subscriptions } = packet;
    if (messageId === undefined) return this.#refuse("malformed", "a SUBSCRIBE without number");
    if (subscriptions.length > (limits.filtersPerSubscribeMax ?? subscriptions.length)) {
      return this.#refuse("filters", `${subscriptions.length} in one SUBSCRIBE`);
    }
    const heard: string[] = [];
    const granted = subscriptions.map(({ topic: filter, qos }) => {
      const excess = this.#subscribeExcess(filter, access, heard.length);
      if (excess === undefined) {
        if (mischief.swallow?.(filter) !== true) heard.push(filter);
        return Math.min(qos, limits.qosMax, 1);
      }
      this.#parts.violated(excess, filter);
      if (connect.protocolVersion !== 5) return SUBSCRIBE_REFUSED;
      return excess === "topic" ? FILTER_INVALID : REASONS[excess];
    });
    for (const filter of heard) this.#filters.add(filter);
    this.send({ cmd: "suback", messageId: mischief.misnumberSubacks === true ? messageId + 1 : messageId, granted });
    this.#parts.subscribed(heard);
    return undefined;
  }

  #subscribeExcess(filter: string, access: Access, granted: number): Excess | undefined {
    const { limits } = this.#parts;
    if (topicExcess(limits, filter) !== undefined) return "topic";
    if (this.#filters.size + granted >= (limits.subscriptionsMax ?? Number.POSITIVE_INFINITY)) return "subscriptions";
    return access.subscribe.some((allowed) => covers(allowed, filter)) ? undefined : "forbidden";
  }
}

/** The keep-alive that counts: what the client declares, within what the broker takes. 0: none. */
export function keepaliveS(limits: Limits, { keepalive = 0 }: IConnectPacket): number {
  const { keepaliveSMin = 0, keepaliveSMax } = limits;
  const wanted = keepalive === 0 ? (keepaliveSMax ?? 0) : Math.max(keepalive, keepaliveSMin);
  return Math.min(wanted, keepaliveSMax ?? wanted);
}
