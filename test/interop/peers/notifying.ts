import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxDatagrams } from "../../../hal/linux/datagram.ts";
import { linuxEntropy } from "../../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import type { AlarmSinkSnapshot } from "../../../agent/config/snapshot/notify.ts";
import type { AlarmEvent } from "../../../agent/contract/alarms.ts";
import type { AlarmSinkStatus } from "../../../agent/contract/alarm-sinks.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import { readSinkMaterial } from "../../../agent/process/sink-material.ts";
import { Notifier } from "../../../agent/uplink/notify/notifier.ts";
import { receiverOf } from "../../../agent/uplink/notify/receiver-of.ts";
import { really } from "../../hal/real-time.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "../../agent/uplink/notify/alarm-event.ts";

/** The part of `uplink` that tells of alarms, with the drivers it ships with, and one receiver. */
export interface Notifying extends AsyncDisposable {
  /** Events with these sequences. */
  send(sequences: readonly number[], over?: Partial<AlarmEvent>): void;
  status(): AlarmSinkStatus;
  /** Resolves once everything is delivered. */
  settled(): Promise<void>;
  until(condition: (status: AlarmSinkStatus) => boolean): Promise<AlarmSinkStatus>;
}

export async function startNotifying(
  receiver: AlarmSinkSnapshot["receiver"],
  over: Partial<AlarmSinkSnapshot> = {},
): Promise<Notifying> {
  const parts = {
    clock: linuxClock(),
    network: linuxNetwork(),
    datagrams: linuxDatagrams(),
    material: readSinkMaterial,
  };
  const notifier = new Notifier({
    clock: parts.clock,
    entropy: linuxEntropy(),
    log: silentLog,
    receiver: (sink, origin) => receiverOf(parts, sink, origin),
  });
  await notifier.configure({
    ...ORIGIN,
    interfaceNames: [],
    notify: [sinkSnapshot({ queueMax: 200, ...over, receiver })],
  });
  const status = (): AlarmSinkStatus => notifier.status()[0] as AlarmSinkStatus;
  const until = async (condition: (status: AlarmSinkStatus) => boolean): Promise<AlarmSinkStatus> => {
    await really(() => condition(status())).catch((cause: unknown) => {
      throw new Error(`still ${JSON.stringify(status())}`, { cause });
    });
    return status();
  };
  return {
    send(sequences, event = {}) {
      for (const sequence of sequences) notifier.receive(alarmEvent(sequence, event));
    },
    status,
    until,
    settled: async () => void (await until(({ waiting, state }) => waiting === 0 && state === "idle")),
    [Symbol.asyncDispose]: () => notifier.stop(),
  };
}
