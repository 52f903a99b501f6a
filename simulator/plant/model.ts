import type { Clock } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import { RATED_HZ } from "./pump.ts";
import type { Commands, Station } from "./station.ts";
import { stationAtRest, step } from "./station.ts";

/** The physics' own time step. */
export const STEP_S = 0.2;
/** A longer absence (a suspended computer) is not caught up with: the station just goes on. */
const CATCH_UP_STEPS_MAX = 86_400 / STEP_S;
const DAY_S = 86_400;

/** The station as it is now: whoever looks brings it up to date first, so it needs no timer of its own. */
export interface Model {
  now(): Station;
  /** What is asked of the station at the moment. */
  readonly commands: Commands;
  /** Brings the station up to date under the old commands, then changes them. */
  command(change: Partial<Commands>): void;
  /** Asked before each step what changes by itself, such as a drive that nobody talks to any more. */
  watch(timer: (nowMs: number) => Partial<Commands>): void;
}

export function plantModel(clock: Clock, entropy: Entropy): Model {
  const timeS = (clock.wall().unixMs / 1000) % DAY_S;
  const seed = new DataView(Uint8Array.from(entropy.bytes(4)).buffer).getInt32(0);
  let station = stationAtRest(timeS, seed);
  let commands: Commands = {
    auto: true,
    run: [false, false],
    reset: [false, false],
    targetHz: [RATED_HZ, RATED_HZ],
    opening: 0,
    levels: { startM: 1.6, stopM: 0.6, standbyM: 2.1 },
  };
  const startMs = clock.monotonicMs();
  let stepsDone = 0;
  const timers: ((nowMs: number) => Partial<Commands>)[] = [];

  function now(): Station {
    const stepsDue = Math.floor((clock.monotonicMs() - startMs) / (STEP_S * 1000));
    if (stepsDue - stepsDone > CATCH_UP_STEPS_MAX) stepsDone = stepsDue - CATCH_UP_STEPS_MAX;
    for (; stepsDone < stepsDue; stepsDone++) {
      const atMs = startMs + stepsDone * STEP_S * 1000;
      commands = timers.reduce<Commands>((all, timer) => Object.assign(all, timer(atMs)), { ...commands });
      station = step(station, commands, STEP_S);
      commands = buttonsLetGo(commands);
    }
    return station;
  }

  return {
    now,
    get commands() {
      return commands;
    },
    command(change) {
      now();
      commands = { ...commands, ...change };
    },
    watch: (timer) => void timers.push(timer),
  };
}

/** A reset is a push button: one step sees it. */
function buttonsLetGo(commands: Commands): Commands {
  return commands.reset[0] || commands.reset[1] ? { ...commands, reset: [false, false] } : commands;
}
