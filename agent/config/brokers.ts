import type { Path } from "./findings.ts";
import type { Loose } from "./loose.ts";
import type { Broker } from "./schema/broker.ts";
import type { Uplink } from "./schema/uplink.ts";

/** One broker of a file as it will be used, and where the file speaks of it. */
export interface WrittenBroker<Form> {
  readonly broker: Form;
  /** without what it inherits */
  readonly written: Loose<Broker>;
  /** without the proxy it would inherit */
  readonly direct: boolean;
  readonly path: Path;
}

/** Every broker of a file, the preferred one first, each with what it inherits written out. */
export function brokersOf(uplink: Uplink): readonly [WrittenBroker<Broker>, ...WrittenBroker<Broker>[]];
export function brokersOf(uplink: Loose<Uplink>): readonly WrittenBroker<Loose<Broker>>[];
export function brokersOf(uplink: Loose<Uplink>): readonly WrittenBroker<Loose<Broker>>[] {
  const { broker, fallbacks = [] } = uplink;
  if (broker === undefined) return [];
  const { serverName: _, ...inherited } = broker;
  return [
    { broker, written: broker, direct: false, path: ["uplink", "broker"] },
    ...fallbacks.flatMap((fallback, i) => {
      if (fallback === undefined) return [];
      const { direct, ...own } = fallback;
      const { proxy, passwordFile, ...rest } = inherited;
      const whole = {
        ...rest,
        ...(direct === true || proxy === undefined ? {} : { proxy }),
        // a password belongs to its user name: another one's broker is not told it
        ...(own.username !== undefined || passwordFile === undefined ? {} : { passwordFile }),
        ...own,
      };
      return [{ broker: whole, written: fallback, direct: direct === true, path: ["uplink", "fallbacks", i] }];
    }),
  ];
}
