import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Channel } from "../../contract/channel.ts";
import type { Log } from "../../contract/log.ts";
import type { KeeperToUplink, UplinkToKeeper } from "../../contract/rooms.ts";
import type { FieldToUplink, UplinkToField } from "../../contract/telemetry.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { FIELD_GRACE_MS } from "../session/limits.ts";
import type { Telemetry } from "../session/telemetry.ts";
import { statusOf } from "../state.ts";
import type { UplinkState } from "../state.ts";
import type { Conversation } from "./link.ts";

/** With `keeper`: says what runs, takes configurations and notices, answers how it goes. */
export function keeperTalk(
  clock: Clock,
  configuration: Configuration,
  state: UplinkState,
): (channel: Channel<UplinkToKeeper>) => Conversation<KeeperToUplink> {
  return (channel) => {
    state.keeperLinked = true;
    channel.send({ kind: "configured", digest: state.configDigest });
    return {
      receive(message) {
        if (message.kind === "status-query") {
          channel.send({ kind: "uplink-status", id: message.id, status: statusOf(state, clock) });
        } else if (message.kind === "notice") state.configReport = message.configReport;
        else void configuration.offer(message).then((answer) => channel.send(answer));
      },
      ended() {
        state.keeperLinked = false;
      },
    };
  };
}

/**
 * With `field`: hands its messages to the session. A message that has no place there ends the conversation, and a fresh
 * one begins with everything that is unacknowledged. Where `field` stays away, its devices are taken for dead.
 */
export function fieldTalk(
  clock: Clock,
  log: Log,
  telemetry: Telemetry,
  state: UplinkState,
): ((channel: Channel<UplinkToField>) => Conversation<FieldToUplink>) & Disposable {
  let grace: Timer | undefined;
  const talk = (channel: Channel<UplinkToField>): Conversation<FieldToUplink> => {
    grace?.[Symbol.dispose]();
    telemetry.fieldOpened((message) => channel.send(message));
    let refused = false;
    return {
      receive(message) {
        if (refused) return;
        if (message.kind === "field-health") {
          state.fieldFacts = message.facts;
          return;
        }
        if (message.kind === "alarm-event" || message.kind === "shown") return;
        const wrong = telemetry.receive(message);
        if (wrong === undefined) return;
        refused = true;
        log.error("field.refused", { code: "UPLINK_FIELD_REFUSED", kind: message.kind, message: wrong });
        channel.close();
      },
      ended() {
        telemetry.fieldClosed();
        grace = clock.after(FIELD_GRACE_MS, () => {
          telemetry.fieldSilent();
          state.fieldFacts = undefined;
        });
      },
    };
  };
  return Object.assign(talk, { [Symbol.dispose]: () => grace?.[Symbol.dispose]() });
}
