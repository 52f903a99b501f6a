import { CHANNELS, addressOf } from "./channels.ts";
import type { ChannelFacts, TopicParameter } from "./channels.ts";

/** What one client may do at a broker that denies everything else. */
export interface Grants {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export type Names = Readonly<Record<Exclude<TopicParameter, "fieldDevice">, string>>;

/** A gateway speaks for itself and hears what is said to it. */
export function gatewayGrants(names: Names): Grants {
  return {
    publish: topics(names, ({ direction }) => direction !== "receive"),
    subscribe: topics(names, ({ direction }) => direction !== "send"),
  };
}

/** A host application hears everything of the gateway, says that it is there, and commands. */
export function hostGrants(names: Names): Grants {
  return {
    publish: topics(names, ({ direction }) => direction === "receive"),
    subscribe: topics(names, ({ direction, name }) => direction === "send" || name === "STATE"),
  };
}

function topics(names: Names, wanted: (channel: ChannelFacts) => boolean): readonly string[] {
  return CHANNELS.filter(wanted).map((channel) => addressOf(channel, { ...names, fieldDevice: "+" }));
}
