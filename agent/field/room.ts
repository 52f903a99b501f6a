import type { Clock } from "../../hal/clock.ts";
import type { Disk } from "../../hal/disk.ts";
import type { DigitalIo } from "../../hal/digital-io.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { MachineBoot } from "../../hal/machine-boot.ts";
import type { Network } from "../../hal/network.ts";
import type { Serial } from "../../hal/serial.ts";
import type { Dialer, Door } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type { FieldToKeeper, KeeperToField } from "../contract/rooms.ts";
import type { Standing } from "../contract/standing.ts";
import { Alarms } from "./alarms/alarms.ts";
import { AlarmEvents } from "./alarms/events.ts";
import { newBootId } from "./boot.ts";
import { BusSet } from "./bus-set.ts";
import { Configurator } from "./configuration/configurator.ts";
import { openLastGood } from "./configuration/last-good.ts";
import { Derived } from "./derived/derived.ts";
import { fieldFacts } from "./health.ts";
import { Inventory } from "./inventory/inventory.ts";
import { Housing } from "./io/housing.ts";
import { keepInTouch } from "./keeper-link.ts";
import { Outbox } from "./outbox/outbox.ts";
import { Outputs } from "./outputs/outputs.ts";
import { PointBook } from "./points/book.ts";
import { fieldStatusReply } from "./status.ts";
import { awaitUplink } from "./uplink-door.ts";

/** A bus whose next step is overdue by this much has lost its thread; nothing on a busy machine is as late. */
const BUS_LATE_MS_MAX = 10_000;

/** What the room may touch. */
export interface FieldParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  readonly serial: Serial;
  readonly digitalIo: DigitalIo;
  readonly machineBoot: MachineBoot;
  /** the room's own folder: boot count, last good configuration */
  readonly disk: Disk;
  readonly keeper: Dialer;
  /** where the uplink comes for values */
  readonly uplink: Door;
  readonly log: Log;
  readonly standing?: Standing;
}

/**
 * Runs until `signal` aborts, then closes everything in the reverse order of opening. Polls from the last good
 * configuration at once; keeper and uplink come and go as they like.
 */
export async function runField(parts: FieldParts, signal: AbortSignal): Promise<void> {
  const { clock, disk, entropy, log } = parts;
  const bootId = await newBootId(disk, entropy, log);
  const outbox = new Outbox(clock);
  const book = new PointBook();
  const events = new AlarmEvents(bootId);
  const alarms = new Alarms({ clock, disk, sink: outbox, book, events, log });
  await using inventory = new Inventory({ clock, disk, alarms, log });
  await inventory.restore();
  const buses = new BusSet({
    ...parts,
    sink: outbox,
    watch: (snapshot) => inventory.watch(snapshot),
    configured: (names) => inventory.keep(names),
  });
  const derived = new Derived({ clock, sink: outbox, book });
  const housing = new Housing({ clock, digitalIo: parts.digitalIo, sink: outbox, alarms, standing: alarms, log });
  const outputs = new Outputs({ clock, disk, machineBoot: parts.machineBoot, book, buses, alarms, log });
  const local = [housing, derived, alarms];
  const lastGood = openLastGood(disk, log);
  await using configurator = new Configurator({ lastGood, buses, local, outputs, book, outbox, log });
  await configurator.start();
  outputs.started();
  log.info("field.started", { bootId, digest: configurator.digest });
  parts.standing?.says(
    configurator.digest === "" ? "waiting for a configuration" : "polling the last good configuration",
  );
  parts.standing?.ready(() => buses.lateMs(clock.monotonicMs()) < BUS_LATE_MS_MAX);

  const receive = (message: KeeperToField, answer: (reply: FieldToKeeper) => void): void => {
    switch (message.kind) {
      case "configure":
        void configurator.offer(message).then((configured) => {
          if (configured.refused === undefined)
            parts.standing?.says(`polling configuration ${configured.digest.slice(0, 12)}`);
          answer(configured);
        });
        return;
      case "status-query":
        answer(
          fieldStatusReply(message, {
            bootId,
            clock,
            configurator,
            outbox,
            buses: buses.all,
            alarms,
            outputs,
            housing,
            local,
          }),
        );
        return;
      case "write":
        outputs.write(message, answer);
        return;
      case "outputs":
        void outputs.order(message).then(answer);
        return;
      case "alarm":
        void alarms.order(message).then(answer);
        return;
      case "inventory-query":
        answer(inventory.reply(message, buses.all));
    }
  };
  const greeting = (): FieldToKeeper => ({ kind: "configured", digest: configurator.digest });
  const facts = () => fieldFacts(buses.all, outbox, alarms.counts());
  const contact = (online: boolean): void => {
    outputs.contact(online);
    housing.contact(online);
  };
  await Promise.all([
    awaitUplink({ ...parts, facts, bootId, events, contact, book, shown: () => configurator.shown }, outbox, signal),
    keepInTouch(parts, greeting, receive, signal),
  ]);
}
