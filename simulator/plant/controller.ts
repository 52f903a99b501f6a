/** Below this level a float switch holds both pumps in any mode, m. */
export const DRY_RUN_LEVEL_M = 0.35;
export const HIGH_ALARM_LEVEL_M = 2.6;
/** The standby pump is let go so far above the stop level. */
const STANDBY_HYSTERESIS_M = 0.3;
/** A pump starts once its valve is at least so far open. */
const START_OPENING = 0.2;
/** The valve stays open so long after the last pump stopped. */
const CLOSE_AFTER_S = 20;

export interface Levels {
  readonly startM: number;
  readonly stopM: number;
  readonly standbyM: number;
}

/** What the station PLC remembers from one cycle to the next. */
export interface Controller {
  /** index of the pump that is called first; it alternates */
  readonly duty: 0 | 1;
  readonly callDuty: boolean;
  readonly callStandby: boolean;
  readonly idleS: number;
}

export interface ControlInputs {
  readonly levelM: number;
  readonly levels: Levels;
  readonly opening: number;
  readonly tripped: readonly [boolean, boolean];
}

export interface ControlOutputs {
  readonly run: readonly [boolean, boolean];
  readonly opening: number;
}

/** One cycle of duty and standby control by levels, as every pumping station has it. */
export function control(
  last: Controller,
  { levelM, levels, opening, tripped }: ControlInputs,
  dt: number,
): { readonly controller: Controller; readonly outputs: ControlOutputs } {
  const callDuty = levelM >= levels.startM || (last.callDuty && levelM > levels.stopM);
  const keepStandby = last.callStandby && levelM > levels.stopM + STANDBY_HYSTERESIS_M;
  const callStandby = callDuty && (levelM >= levels.standbyM || keepStandby);
  const emptied = last.callDuty && !callDuty;
  const duty: 0 | 1 = emptied === (last.duty === 0) ? 1 : 0;
  const idleS = callDuty ? 0 : last.idleS + dt;
  const ready = opening >= START_OPENING;
  const called = (index: 0 | 1): boolean =>
    ready && !tripped[index] && (callStandby || (callDuty && (duty === index || tripped[duty])));
  return {
    controller: { duty, callDuty, callStandby, idleS },
    outputs: { run: [called(0), called(1)], opening: idleS > CLOSE_AFTER_S ? 0 : 1 },
  };
}
