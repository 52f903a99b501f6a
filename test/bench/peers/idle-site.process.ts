import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime } from "../../agent/uplink/world.ts";
import { idleSite } from "../../scenarios/idle-site.ts";
import { peerOptions, servePeer } from "../machine/peer-side.ts";

/** The simulated day of `test/scenarios/idle.test.ts`, in a process whose clock nobody else needs. */
export interface IdleQuestion {
  readonly hours: number;
  readonly keepaliveS: number;
}

const { hours, keepaliveS } = peerOptions() as IdleQuestion;
const clock = virtualClock();
await virtualTime(clock);
servePeer({}, () => idleSite(clock, hours, keepaliveS));
