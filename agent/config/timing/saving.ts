import { Requests } from "../schema/requests.ts";
import { defaultOf } from "../schema.ts";
import type { BusSnapshot, DeviceSnapshot } from "../snapshot.ts";
import { busLoad } from "./load.ts";

/**
 * How full a bus would be if points were read together as far as the default of `optimise: max-insert` goes, where its
 * devices answer for what nobody asked for. What clears on read stays alone.
 */
export function percentReadTogether(bus: BusSnapshot, answerMs: number): number {
  return busLoad({ ...bus, devices: bus.devices.map(together) }, answerMs).percent;
}

function together(device: DeviceSnapshot): DeviceSnapshot {
  const { insertMax, registersMax, bitsMax, coilsFromZero } = Requests.properties;
  const own = device.requests;
  return {
    ...device,
    requests: {
      optimise: "max-insert",
      insertMax: defaultOf(insertMax),
      onePerPoint: false,
      registersMax: own?.registersMax ?? defaultOf(registersMax),
      bitsMax: own?.bitsMax ?? defaultOf(bitsMax),
      coilsFromZero: own?.coilsFromZero ?? defaultOf(coilsFromZero),
      blocks: [],
    },
  };
}
