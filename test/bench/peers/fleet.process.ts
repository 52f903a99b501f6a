import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime } from "../../agent/uplink/world.ts";
import { brokerOutage } from "../../scenarios/fleet-outage.ts";
import { fleet } from "../../scenarios/fleet.ts";
import type { FleetOptions } from "../../scenarios/fleet.ts";
import { peerOptions, servePeer } from "../machine/peer-side.ts";

/** The simulated fleet of `test/scenarios/fleet.test.ts`, in a process whose clock nobody else needs. */
export interface FleetQuestion extends FleetOptions {
  /** until everybody is connected and no connection is young */
  readonly settleMs: number;
  readonly awayMs: number;
  readonly watchMs: number;
}

const question = peerOptions() as FleetQuestion;
const clock = virtualClock();
await virtualTime(clock);
const all = await fleet(clock, question);
await clock.advance(question.settleMs);
servePeer({ online: all.online() }, () => brokerOutage(all, question.awayMs, question.watchMs));
