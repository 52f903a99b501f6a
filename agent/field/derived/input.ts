import { QUALITIES } from "../../contract/point.ts";
import type { PointState } from "../points/source.ts";
import { GOOD, OPEN, UNCERTAIN } from "./stack.ts";
import type { Stack } from "./stack.ts";

const STATE_OF: readonly number[] = QUALITIES.map(({ quality }) =>
  quality === "good" ? GOOD : quality === "uncertain" ? UNCERTAIN : OPEN,
);

/** Puts the latest value of a point on the stack; 64-bit integers arrive as decimal text and are numbers here. */
export function inputOf(point: PointState | undefined): (stack: Stack) => void {
  if (point === undefined || point.facts.type === "record") return putNothing;
  const wide = point.facts.type === "int64" || point.facts.type === "uint64";
  return (stack) => {
    const { value } = point;
    if (value === null || typeof value === "object") {
      putNothing(stack);
      return;
    }
    stack.values[stack.top] = wide ? Number(value) : value;
    stack.states[stack.top++] = STATE_OF[point.quality] ?? OPEN;
  };
}

function putNothing(stack: Stack): void {
  stack.values[stack.top] = 0;
  stack.states[stack.top++] = OPEN;
}
