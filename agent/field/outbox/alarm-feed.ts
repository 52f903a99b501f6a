import type { AlarmEvent } from "../../contract/alarms.ts";
import type { AlarmEvents } from "../alarms/events.ts";

/** Hands alarm events to one connection of the uplink: each once, in order, from the oldest that nobody has taken. */
export class AlarmFeed {
  readonly #events: AlarmEvents;
  readonly #send: (event: AlarmEvent) => boolean;
  #sent = -1;

  /** @param send false: the peer does not read, and what follows is kept back */
  constructor(events: AlarmEvents, send: (event: AlarmEvent) => boolean) {
    this.#events = events;
    this.#send = send;
  }

  /** Sends what is new. False: the peer does not read. */
  tell(): boolean {
    for (const event of this.#events.after(this.#sent)) {
      this.#sent = event.sequence;
      if (!this.#send(event)) return false;
    }
    return true;
  }
}
