import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Channel } from "../../contract/channel.ts";
import type { Log } from "../../contract/log.ts";
import type { KeeperToUplink, UplinkToKeeper } from "../../contract/rooms.ts";
import type { FieldToUplink, UplinkToField } from "../../contract/field-uplink.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { ModbusServer } from "../modbus-server/server.ts";
import type { ShownValues } from "../modbus-server/shown-values.ts";
import { FIELD_GRACE_MS } from "../session/limits.ts";
import type { Notifier } from "../notify/notifier.ts";
import type { Telemetry } from "../session/telemetry.ts";
import { statusOf } from "../state.ts";
import type { UplinkState } from "../state.ts";
import type { Conversation } from "./link.ts";

/** With `keeper`: says what runs, takes configurations and notices, answers how it goes. */
export function keeperTalk(
  clock: Clock,
  configuration: Configuration,
  { notifier, server }: { readonly notifier: Notifier; readonly server: ModbusServer },
  state: UplinkState,
): (channel: Channel<UplinkToKeeper>) => Conversation<KeeperToUplink> {
  return (channel) => {
    state.keeperLinked = true;
    channel.send({ kind: "configured", digest: state.configDigest });
    return {
      receive(message) {
        if (message.kind === "status-query") {
          channel.send({
            kind: "uplink-status",
            id: message.id,
            status: statusOf(state, clock, notifier.status(), server.status()),
          });
        } else if (message.kind === "notice") state.configReport = message.configReport;
        else void configuration.offer(message).then((answer) => channel.send(answer));
      },
      ended() {
        state.keeperLinked = false;
      },
    };
  };
}

/** Who hears what `field` says. */
export interface FieldListeners {
  readonly telemetry: Telemetry;
  readonly notifier: Notifier;
  readonly shown: ShownValues;
}

/**
 * With `field`: hands its messages to the session, and alarm events to their receivers. A message that has no place there ends the conversation, and a fresh
 * one begins with everything that is unacknowledged. Where `field` stays away, its devices are taken for dead.
 */
export function fieldTalk(
  clock: Clock,
  log: Log,
  { telemetry, notifier, shown }: FieldListeners,
  state: UplinkState,
): ((channel: Channel<UplinkToField>) => Conversation<FieldToUplink>) & Disposable {
  let grace: Timer | undefined;
  const talk = (channel: Channel<UplinkToField>): Conversation<FieldToUplink> => {
    grace?.[Symbol.dispose]();
    telemetry.fieldOpened((message) => channel.send(message));
    notifier.field((message) => void channel.send(message));
    let refused = false;
    return {
      receive(message) {
        if (refused) return;
        if (message.kind === "field-health") {
          state.fieldFacts = message.facts;
          return;
        }
        if (message.kind === "alarm-receivers") {
          notifier.resume(message);
          return;
        }
        if (message.kind === "alarm-event") {
          notifier.receive(message);
          return;
        }
        if (message.kind === "shown") {
          shown.take(message);
          return;
        }
        const wrong = telemetry.receive(message);
        if (wrong === undefined) return;
        refused = true;
        log.error("field.refused", { code: "UPLINK_FIELD_REFUSED", kind: message.kind, message: wrong });
        channel.close();
      },
      ended() {
        telemetry.fieldClosed();
        notifier.field(undefined);
        shown.lose();
        grace = clock.after(FIELD_GRACE_MS, () => {
          telemetry.fieldSilent();
          state.fieldFacts = undefined;
        });
      },
    };
  };
  return Object.assign(talk, { [Symbol.dispose]: () => grace?.[Symbol.dispose]() });
}
