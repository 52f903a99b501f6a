import type { Expression, PointRef } from "./expression.ts";

/** Derived points of one gateway: each is evaluated at least once a day, most once a second. */
export const DERIVED_POINTS_MAX = 1_000;
/** The longest that anything about an alarm lasts: a delay, a window, a time on the shelf. */
export const ALARM_MS_MAX = 7 * 86_400_000;

/** Points that the gateway reckons from others; together one Sparkplug device. */
export interface DerivedSnapshot {
  readonly device: string;
  /** in an order in which none reads a later one */
  readonly points: readonly DerivedPoint[];
}

export interface DerivedPoint {
  readonly name: string;
  readonly type: "float64" | "bool" | "string";
  readonly expression: Expression;
  readonly everyMs: number;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly deadband: number;
  readonly heartbeatMs: number;
}

/** The most urgent first. @see IEC 62682 §11.5 */
export const ALARM_PRIORITIES = ["critical", "high", "medium", "low"] as const;
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

export interface AlarmsSnapshot {
  /** the Sparkplug device that has one metric for each alarm */
  readonly device: string;
  readonly rules: readonly AlarmRule[];
  /** alarms of the gateway itself that have another priority than their own, or are off */
  readonly system: Readonly<Record<string, AlarmPriority | "off">>;
}

export interface AlarmRule {
  readonly name: string;
  readonly priority: AlarmPriority;
  /** what a technician reads */
  readonly text: { readonly en: string; readonly de?: string };
  readonly condition: AlarmCondition;
  /** the condition must last so long before it is raised, and be over so long before it has returned */
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  /** whether somebody must acknowledge it; otherwise it goes as it came */
  readonly acknowledge: boolean;
  /** suppressed by design while good and true */
  readonly suppressedWhen?: Expression;
  /** the longest it may be shelved; 0: never */
  readonly shelveMsMax: number;
}

export type AlarmCondition =
  | {
      readonly kind: "high" | "low";
      readonly point: PointRef;
      readonly limit: number;
      readonly hysteresis: number;
    }
  /** faster than so much in a second, either way, over `windowMs` */
  | {
      readonly kind: "rate";
      readonly point: PointRef;
      readonly perSecondMax: number;
      readonly windowMs: number;
      readonly hysteresis: number;
    }
  | { readonly kind: "state"; readonly point: PointRef; readonly is: boolean | number | string }
  /** good, and moved by less than `deadband` for so long: a sensor that is stuck */
  | { readonly kind: "unchanged"; readonly point: PointRef; readonly forMs: number; readonly deadband: number }
  /** no good value */
  | { readonly kind: "no-value"; readonly point: PointRef }
  | { readonly kind: "when"; readonly expression: Expression };
