import type { Expression, PointRef } from "./expression.ts";

/** What becomes of an output when `field` starts: nothing, its step of the plan, or what it was last commanded. */
export type OutputRecovery = "leave" | "plan" | "last-commanded";

export interface OutputSnapshot {
  /** function 5 or 6, 15 or 16, or 22 */
  readonly write: "single" | "multiple" | "mask";
  /** scaled; a write outside is refused */
  readonly low?: number;
  readonly high?: number;
  /** what nothing unattended may do to it; absent in an output that declares no more than its range */
  readonly guard?: OutputGuard;
}

/** Everything is checked before each commanded write; a step of the plan is subject to range and type alone. */
export interface OutputGuard {
  /** largest change in a second, scaled, reckoned from the latest commanded write; a faster one is refused */
  readonly ratePerSecondMax?: number;
  /** least time between two commanded writes; 0: none */
  readonly intervalMsMin: number;
  /** hand/off/auto: unless it is good and true, somebody at the machine has authority, and writes are refused */
  readonly remoteEnable?: Expression;
  /** each must be good and true */
  readonly permissives: readonly Permissive[];
  /** outputs of which none may be on (true, or not 0) while this one is being switched on; the compiler writes both ways out */
  readonly excludes: readonly PointRef[];
  /** a read-back older than this, or none, refuses the write */
  readonly readBackMsMax: number;
  /** first start of `field` since the machine came up */
  readonly onStart: OutputRecovery;
  /** every later start */
  readonly onRestart: OutputRecovery;
  /** to its step of the plan once the uplink has been away for so long; absent: left alone */
  readonly uplinkLostPlanMs?: number;
  /** on `outputs hold`: left alone, or its step of the plan */
  readonly onHold: "leave" | "plan";
}

export interface Permissive {
  readonly when: Expression;
  /** what a technician is told while it does not hold; absent: the expression itself */
  readonly text?: string;
}

/** What makes a plan due without a trigger of the file; none may have one of these names. */
export const PLAN_CAUSES = ["operator", "start", "restart", "uplink-lost", "hold"] as const;

/** The fail-safe plan. Not a safety function. */
export interface PlanSnapshot {
  /** in order on each bus; buses do not wait for each other */
  readonly steps: readonly PlanStep[];
  readonly triggers: readonly PlanTrigger[];
  /** the longest the file allows it to take, from trigger to last write */
  readonly finishMsMax: number;
  /** outputs may be written again as soon as the trigger is over, without a release */
  readonly bumpless: boolean;
  /** bus name to milliseconds: what the compiler computed, from process death to the last write on devices that answer */
  readonly worstCaseMs: Readonly<Record<string, number>>;
}

export interface PlanStep {
  readonly output: PointRef;
  readonly value: number | boolean | string;
  /** after the step before it on the same bus */
  readonly waitMs: number;
}

export interface PlanTrigger {
  readonly name: string;
  readonly when: Expression;
  /** good and true for so long; a value that is not good is no trigger */
  readonly forMs: number;
}

/**
 * The field device's own timer that acts when nobody talks to it any more: read and reported, never written. Absent:
 * nobody has said whether there is one, and whoever writes outputs of the device is warned.
 */
export type CommunicationLossTimer =
  /** point of the same device that reads it; not 0 is armed */
  | { readonly point: string }
  /** there is none, and whoever wrote the file knows what that means: no warning */
  | { readonly none: true };
