import { brokersOf } from "../brokers.ts";
import type { Loose } from "../loose.ts";
import { PROFILES } from "../profiles/index.ts";
import type { GatewayFile } from "../schema.ts";
import type { BusSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/** No value of a DDATA is shorter: alias, source time, value, and what says which is which. */
const VALUE_BYTES = 13;
/** Share of the broker's rate that may be planned with: births, marks and what was missed need some. */
const COMFORTABLE_SHARE = 0.5;

/**
 * What is certain to come must fit through: values that are reported without a change, as tightly packed as they can
 * be. How often values change nobody knows beforehand; what does not fit then waits, and is declared lost in the end.
 */
export function checkRates(file: Loose<GatewayFile>, buses: readonly BusSnapshot[], inquiry: Inquiry): void {
  const points = buses.flatMap(({ devices }) => devices.flatMap((device) => device.points));
  const valuesPerSecond = points.reduce(
    (sum, { heartbeatMs, pollMs }) => sum + (heartbeatMs === 0 ? 0 : 1_000 / Math.max(heartbeatMs, pollMs)),
    0,
  );
  const bytes = Math.ceil(valuesPerSecond * VALUE_BYTES);
  for (const { broker } of brokersOf(file.uplink ?? {})) {
    const { title, limits } = PROFILES[broker.profile ?? "generic"];
    const { bytesPerSecondMax } = limits;
    if (bytesPerSecondMax === undefined || bytes <= bytesPerSecondMax) continue;
    const slower = Math.ceil(bytes / (COMFORTABLE_SHARE * bytesPerSecondMax));
    const message = `reporting unchanged values takes at least ${bytes} bytes a second, ${title} takes ${bytesPerSecondMax}`;
    const hint = `multiply heartbeatMs by ${slower}, write \`heartbeatMs: 0\` where a change is enough, or divide the plant between several gateways`;
    inquiry.say("CONFIG_BROKER_RATE", ["buses"], message, hint, "key");
  }
}
