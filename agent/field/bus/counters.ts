import type { BusCounters } from "../../contract/status.ts";

export type Counters = { -readonly [Name in keyof BusCounters]: number };

export function newCounters(): Counters {
  return {
    requests: 0,
    replies: 0,
    exceptions: 0,
    timeouts: 0,
    lateReplies: 0,
    crcErrors: 0,
    foreignFrames: 0,
    shortFrames: 0,
    longFrames: 0,
    discardedBytes: 0,
    reopened: 0,
    latePolls: 0,
    writes: 0,
    refusedBroadcasts: 0,
  };
}
