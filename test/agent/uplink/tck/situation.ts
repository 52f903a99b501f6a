import { afterAll, beforeAll } from "vitest";
import { qualityCode } from "../../../../agent/contract/point.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../../../agent/config/snapshot.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import type { SourcePlan } from "../stand-in-field.ts";
import { METER, PUMP, virtualTime, world } from "../world.ts";
import type { World } from "../world.ts";
import { captureOf } from "./capture.ts";
import type { Capture } from "./capture.ts";
import { recordingBroker } from "./recording-broker.ts";
import type { Recording, RecordingBroker } from "./recording-broker.ts";

export const NODE_COMMAND = "spBv1.0/harbour/NCMD/gw-1";
const DEVICE_COMMAND = "spBv1.0/harbour/DCMD/gw-1/pump";
export const REBIRTH: Metric = { name: "Node Control/Rebirth", type: 11, value: true };

export interface Stage extends AsyncDisposable {
  readonly w: World;
  readonly brokers: readonly RecordingBroker[];
  readonly recording: Recording;
  now(): number;
  /** Gives this moment a name, for whoever judges the capture. */
  moment(name: string): void;
  /** Lets the uplink begin. */
  begin(): Promise<void>;
  command(topic: string, metrics: readonly Metric[]): Promise<void>;
  capture(): Capture;
}

export interface StageOptions {
  readonly brokers?: readonly string[];
  readonly broker?: Partial<BrokerSnapshot>;
  readonly part?: Partial<UplinkSnapshot>;
  readonly sources?: readonly SourcePlan[];
}

/** An uplink that waits for its configuration, and brokers that record every packet of it. */
export async function stage(clock: VirtualClock, options: StageOptions = {}): Promise<Stage> {
  const names = options.brokers ?? ["one.test"];
  const w = await world(clock, { unconfigured: true, sources: options.sources ?? [PUMP, METER] });
  const recording: Recording = { events: [], moments: new Map(), connections: 0 };
  const brokers = await Promise.all(names.map((name) => recordingBroker(clock, w.network, name, recording)));
  await w.pass(100);
  const [base] = w.part.brokers;
  const [first, ...more] = names.map((host) => ({ ...base, host, serverName: host, ...options.broker }));
  if (first === undefined) throw new TypeError("a stage needs a broker");
  return {
    w,
    brokers,
    recording,
    now: () => clock.wall().unixMs,
    moment: (name) => void recording.moments.set(name, recording.events.length),
    async begin() {
      w.keeper.offer("tck", { ...w.part, rebirthsPerMinute: 60, ...options.part, brokers: [first, ...more] });
      await w.pass(1_500);
    },
    async command(topic, metrics) {
      for (const broker of brokers) broker.publish(topic, encodePayload({ timestamp: clock.wall().unixMs, metrics }));
      await w.pass(10);
    },
    capture: () => captureOf(recording),
    [Symbol.asyncDispose]: () => w[Symbol.asyncDispose](),
  };
}

/** Values for `rounds` publishing periods, of both devices in turn. */
export async function liveData({ w, now }: Stage, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    if (i % 2 === 0)
      w.field.sample(
        "pump",
        [
          [0, i],
          [1, i / 4],
          [2, i % 4 === 0],
        ],
        now(),
      );
    else w.field.sample("meter", [[0, String(i)]], now());
    await w.pass(250);
  }
}

/**
 * Everything that happens in the life of an edge node: births, data, a command that is refused, a device that goes and
 * comes, a rebirth, more messages than `seq` has numbers, a connection that breaks, values that waited meanwhile, a
 * goodbye, and a second run.
 */
async function life(clock: VirtualClock): Promise<Capture> {
  await using set = await stage(clock);
  const { w, now, moment } = set;
  w.field.sample(
    "pump",
    [
      [0, 1_200],
      [1, null, qualityCode("no-reply")],
    ],
    now(),
  );
  await w.pass(50);
  await set.begin();
  moment("nothing changes");
  await w.pass(30_000);
  moment("something changes");
  await liveData(set, 6);
  w.field.sample(
    "pump",
    [
      [0, 3_100, qualityCode("above-range")],
      [1, null, qualityCode("not-a-number")],
    ],
    now(),
  );
  await w.pass(300);
  moment("writes are refused");
  await set.command(NODE_COMMAND, [{ name: "Node Control/Reboot", type: 11, value: true }]);
  await w.pass(300);
  moment("a device command is refused");
  await set.command(DEVICE_COMMAND, [{ name: "speed", type: 2, value: 3_000 }]);
  await w.pass(300);
  moment("pump goes away");
  w.field.online("pump", false, now());
  await w.pass(300);
  moment("pump is back");
  w.field.online("pump", true, now());
  await w.pass(300);
  w.field.sample("pump", [[0, 7]], now());
  moment("a rebirth is asked for");
  await set.command(NODE_COMMAND, [REBIRTH]);
  await liveData(set, 300);
  moment("the connection breaks");
  set.brokers[0]?.cut();
  for (let i = 0; i < 4; i++) {
    w.field.sample("pump", [[0, 100 + i]], now());
    await w.pass(5);
  }
  await w.pass(5_000);
  await liveData(set, 2);
  moment("a goodbye");
  await w.stopUplink();
  w.startUplink();
  await w.pass(2_000);
  await w.stopUplink();
  moment("the end");
  return set.capture();
}

/** The same over MQTT 5, as far as it differs. */
async function lifeOverMqtt5(clock: VirtualClock): Promise<Capture> {
  await using set = await stage(clock, { broker: { protocol: "5" } });
  await set.begin();
  await liveData(set, 4);
  set.brokers[0]?.cut();
  await set.w.pass(5_000);
  await liveData(set, 2);
  set.moment("a goodbye");
  await set.w.stopUplink();
  return set.capture();
}

/** Plays what a file of tests speaks about, once. */
export function played(): { readonly clock: VirtualClock; life(): Capture; mqtt5(): Capture } {
  const clock = virtualClock();
  let globals: Disposable;
  let captures: { readonly life: Capture; readonly mqtt5: Capture } | undefined;
  beforeAll(async () => {
    globals = await virtualTime(clock);
    captures = { life: await life(clock), mqtt5: await lifeOverMqtt5(clock) };
  });
  afterAll(() => globals[Symbol.dispose]());
  const ready = (): NonNullable<typeof captures> => {
    if (captures === undefined) throw new Error("nothing was played yet");
    return captures;
  };
  return { clock, life: () => ready().life, mqtt5: () => ready().mqtt5 };
}
