import type { UplinkToField } from "../../contract/field-uplink.ts";

/** Tells `field` whether a broker takes telemetry: once it has spoken, and on every change. */
export class Contact {
  #send: ((message: UplinkToField) => void) | undefined;
  #online = false;
  /** undefined: this conversation has heard nothing yet */
  #said: boolean | undefined;

  /** A conversation begins or ends. */
  field(send: ((message: UplinkToField) => void) | undefined): void {
    this.#send = send;
    this.#said = undefined;
  }

  /** `field` has said what there is: from now on it is answered. */
  heard(): void {
    this.#said ??= !this.#online;
    this.#tell();
  }

  broker(online: boolean): void {
    this.#online = online;
    if (this.#said !== undefined) this.#tell();
  }

  #tell(): void {
    if (this.#said === this.#online) return;
    this.#said = this.#online;
    this.#send?.({ kind: "uplink-contact", online: this.#online });
  }
}
