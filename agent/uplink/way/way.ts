import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";

/** As long as `status` shows one. */
const ADDRESS_CHARS_MAX = 512;

/** One broker over one network interface. */
export interface Way {
  readonly broker: BrokerSnapshot;
  /** index in the configuration's list */
  readonly brokerIndex: number;
  /** undefined: whichever way the host's routes go */
  readonly interfaceName: string | undefined;
  /** what is learnt about this way is filed under this, also across restarts */
  readonly key: string;
}

/** In the order of preference: a broker over every interface before the next broker. */
export function waysOf({
  brokers,
  interfaceNames,
}: Pick<UplinkSnapshot, "brokers" | "interfaceNames">): readonly [Way, ...Way[]] {
  const names = interfaceNames.length === 0 ? [undefined] : interfaceNames;
  const ways = brokers.flatMap((broker, brokerIndex) =>
    names.map((interfaceName): Way => {
      const key = `${brokerAddress(broker)} ${interfaceName ?? ""}`.trimEnd();
      return { broker, brokerIndex, interfaceName, key };
    }),
  );
  return ways as [Way, ...Way[]]; // neither list of the product is empty
}

/** As a person writes it in the configuration, and through which proxy: with another one it is another way. */
export function brokerAddress({ transport, host, port, path, proxy }: BrokerSnapshot): string {
  const address =
    transport === "websocket" ? `wss://${authority(host, port)}${path}` : `mqtts://${authority(host, port)}`;
  const through = proxy === undefined ? "" : ` through ${authority(proxy.host, proxy.port)}`;
  return `${address}${through}`.slice(0, ADDRESS_CHARS_MAX);
}

function authority(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
