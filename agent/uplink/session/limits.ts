import { BATCH_VALUES_MAX } from "../../contract/telemetry.ts";

/**
 * Values `uplink` holds that no mark's acknowledgement covers yet: 2 s of the peak rate of 30 000 a second. This is the
 * credit given to `field`; whatever more there is waits in its outbox.
 */
export const WINDOW_VALUES = 60_000;
/** `field` may end on a whole batch. */
export const WINDOW_VALUES_MAX = WINDOW_VALUES + BATCH_VALUES_MAX;
/** Gaps held until a mark with them is acknowledged. */
export const GAPS_MAX = 20_000;
/** Gaps in one mark, as the contract's schema says. */
export const MARK_GAPS_MAX = 1_000;
/** While so many marks are unanswered nothing more is published. */
export const MARKS_IN_FLIGHT_MAX = 8;
/** An acknowledgement that takes longer than this never comes: the connection is dead, whatever TCP believes. */
export const MARK_ACKNOWLEDGED_MS_MAX = 15_000;
/** Bytes that may wait for a slow broker before rounds pause. */
export const WAITING_BYTES_MAX = 1024 * 1024;
/** A wall clock that moves by more than this between two rounds was set, and births say which time now holds. */
export const CLOCK_STEP_MS = 2_000;
/** How long devices are taken for alive after `field` was lost: its restart takes less. */
export const FIELD_GRACE_MS = 3_000;
/** Where there is another broker, a primary host of which this one says nothing in so long is looked for there. */
export const HOST_SILENCE_MS_MAX = 10_000;
/** A value that waited longer than this tells hosts of the past, not of now. */
export const LIVE_MS_MAX = 60_000;
