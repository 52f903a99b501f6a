import { every } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import { qualityCode } from "../../contract/point.ts";
import type { ScalarValue } from "../../contract/point.ts";
import { SHOWN_KEPT_MS } from "../../contract/shown.ts";
import type { Shown } from "../../contract/shown.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { PointBook } from "../points/book.ts";
import type { PointState } from "../points/source.ts";

/** SCADA asks once a second: what it is told is hardly older than what the device said. */
const LOOK_MS = 250;
/** Said even where nothing changed: `uplink` believes no values of a `field` that is silent for {@link SHOWN_KEPT_MS}. */
const SIGN_OF_LIFE_MS = SHOWN_KEPT_MS / 4;
const NEVER_READ = qualityCode("never-read");

/** Points to be shown, of the configuration that runs. */
export interface ShownList {
  readonly digest: string;
  readonly points: readonly PointRef[];
}

/** A connection, as far as shown points go. */
export interface ShownPeer {
  /** false: what is sent would only wait */
  readonly reads: boolean;
  shown(message: Shown): void;
}

/**
 * Tells one connection of the uplink the latest values of the points that its Modbus server shows, until it is disposed:
 * all of them first and after each new configuration, then what changed.
 * @param send false: the peer does not read, and this was the last for now
 * @param ready false while it still does not
 */
export function feedShown(
  clock: Clock,
  book: PointBook,
  list: () => ShownList | undefined,
  peer: ShownPeer,
): Disposable {
  let told: Told | undefined;
  let toldMs = 0;
  const look = (): void => {
    const current = list();
    if (current === undefined || !peer.reads) return;
    const first = told?.list !== current;
    if (told === undefined || first) told = newTold(current, book);
    const message = told.changes();
    const nowMs = clock.monotonicMs();
    if (!first && message.points.length === 0 && nowMs - toldMs < SIGN_OF_LIFE_MS) return;
    toldMs = nowMs;
    peer.shown(message);
  };
  look();
  return every(clock, LOOK_MS, look);
}

interface Told {
  readonly list: ShownList;
  /** since it was asked last; everything at first */
  changes(): Shown;
}

function newTold(list: ShownList, book: PointBook): Told {
  const states = list.points.map((ref) => book.find(ref));
  const values: (ScalarValue | undefined)[] = states.map(() => undefined);
  const qualities = states.map(() => NEVER_READ);
  return {
    list,
    changes() {
      const changed: number[] = [];
      for (const [index, state] of states.entries()) {
        const value = scalarOf(state);
        const quality = state?.quality ?? NEVER_READ;
        if (values[index] === value && qualities[index] === quality) continue;
        values[index] = value;
        qualities[index] = quality;
        changed.push(index);
      }
      return {
        kind: "shown",
        configDigest: list.digest,
        points: changed,
        values: changed.map((index) => values[index] ?? null),
        qualities: changed.map((index) => qualities[index] ?? NEVER_READ),
      };
    },
  };
}

/** A record has no one value to show. */
function scalarOf(state: PointState | undefined): ScalarValue {
  const value = state?.value ?? null;
  return typeof value === "object" ? null : value;
}
