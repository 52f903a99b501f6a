/** What the broker does beside the standard, each read at every packet so that it may change while it runs. */
export interface Mischief {
  /** answers every CONNECT with: use another server, this one; MQTT 3.1.1 has no words for it and says unavailable */
  redirectTo?: string | undefined;
  /** takes what is published and never acknowledges it */
  keepAcknowledgements?: boolean;
  /** breaks the connection at every so many PUBLISH packets */
  closeAtEveryPublish?: number | undefined;
  /** acknowledges a PUBLISH to these topics, or a SUBSCRIBE, and then forgets it */
  swallow?: ((topic: string) => boolean) | undefined;
  /** published to whoever has subscribed, at every connection, as retained */
  greetings?: readonly { readonly topic: string; readonly payload: Uint8Array }[];
  /** acknowledges each SUBSCRIBE under another number */
  misnumberSubacks?: boolean;
  /** sends every acknowledgement three times, and one for a message that never was */
  chatter?: boolean;
}
