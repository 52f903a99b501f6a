import { describe, expect, test } from "vitest";
import { isHeld, NOTHING_HELD, step } from "../../../../agent/field/outputs/state.ts";
import type { OutputsEvent, OutputsState } from "../../../../agent/field/outputs/state.ts";
import { recoveryOf, startKind } from "../../../../agent/field/outputs/recovery.ts";
import { guard } from "./outputs-world.ts";

const word = { by: "anna", reason: "leak", sinceMs: 1 };
const after = (...events: readonly OutputsEvent[]): OutputsState => events.reduce(step, NOTHING_HELD);
const due = (cause: string, outputs: readonly string[], again = false): OutputsEvent => ({
  kind: "due",
  cause,
  sinceMs: 5,
  outputs,
  again,
});
const confirmed = (output: string, bumpless = false): OutputsEvent => ({ kind: "confirmed", output, bumpless });

describe("a hold", () => {
  test("on more never lets go of what was held", () => {
    const both = after(
      { kind: "held", held: { ...word, outputs: ["a/x"] } },
      { kind: "held", held: { ...word, by: "ben", outputs: ["b/y"] } },
    );
    expect(both.held).toEqual({ by: "ben", reason: "leak", sinceMs: 1, outputs: ["a/x", "b/y"] });
    const all = step(both, { kind: "held", held: { ...word, outputs: [] } });
    expect(isHeld(all, "c/z")).toBe(true);
    expect(step(all, { kind: "held", held: { ...word, outputs: ["a/x"] } }).held?.outputs).toEqual([]);
  });

  test("on all, released in part, still holds the rest", () => {
    const all = after({ kind: "held", held: { ...word, outputs: [] } });
    const rest = step(all, { kind: "released", outputs: ["a/x"], all: ["a/x", "b/y"] });
    expect(rest.held?.outputs).toEqual(["b/y"]);
    expect(step(rest, { kind: "released", outputs: ["b/y"], all: ["a/x", "b/y"] }).held).toBeUndefined();
  });
});

describe("an output of the plan", () => {
  test("is pending until it is confirmed, and planned until it is released", () => {
    const open = after(due("flooded", ["a/x", "b/y"]));
    expect(open.planned["a/x"]).toEqual({ pending: true, causes: ["flooded"] });
    const half = step(open, confirmed("a/x"));
    expect(half.planned["a/x"]).toEqual({ pending: false, causes: ["flooded"] });
    const over = step(half, { kind: "over", cause: "flooded", bumpless: false });
    expect(over.planned).toEqual({ "a/x": { pending: false, causes: [] }, "b/y": { pending: true, causes: [] } });
    expect(step(over, { kind: "released", outputs: [], all: [] })).toEqual(NOTHING_HELD);
  });

  test("is not written again by the cause that is still there, but by another, and by a person", () => {
    const done = after(due("flooded", ["a/x"]), confirmed("a/x"));
    expect(step(done, due("flooded", ["a/x"]))).toBe(done);
    expect(step(done, due("stop", ["a/x"])).planned["a/x"]?.pending).toBe(true);
    const person = after(due("operator", ["a/x"], true), confirmed("a/x"));
    expect(step(person, due("operator", ["a/x"], true)).planned["a/x"]?.pending).toBe(true);
  });

  test("of a bumpless plan is free once confirmed and without a cause, in either order", () => {
    const open = after(due("flooded", ["a/x"]));
    const over = { kind: "over", cause: "flooded", bumpless: true } as const;
    expect(step(step(open, over), confirmed("a/x", true)).planned).toEqual({});
    expect(step(step(open, confirmed("a/x", true)), over).planned).toEqual({});
    expect(after(due("restart", ["a/x"], true), confirmed("a/x", true)).planned).toEqual({});
    expect(after(due("operator", ["a/x"], true), confirmed("a/x", true)).planned["a/x"]).toBeDefined();
  });

  test("of a bumpless plan whose cause ended before it was confirmed is not free, and still pending", () => {
    const open = after(due("flooded", ["a/x"]));
    const over = step(open, { kind: "over", cause: "flooded", bumpless: true });
    expect(over.planned["a/x"]).toEqual({ pending: true, causes: [] });
  });

  test("has no last command any more, and a command that is confirmed late gives it none", () => {
    const commanded = { kind: "commanded", output: "a/x", value: true } as const;
    const stopped = after(commanded, { ...commanded, output: "b/y" }, due("flooded", ["a/x"]));
    expect(stopped.commanded).toEqual({ "b/y": true });
    expect(step(stopped, commanded)).toBe(stopped);
    const free = step(stopped, { kind: "released", outputs: [], all: [] });
    expect(step(free, commanded).commanded).toEqual({ "a/x": true, "b/y": true });
  });

  test("remembers what made the plan due first, until all are free", () => {
    const twice = after(due("flooded", ["a/x"]), due("operator", ["b/y"], true));
    expect(twice.due).toEqual({ cause: "flooded", sinceMs: 5 });
    expect(step(twice, { kind: "released", outputs: ["a/x"], all: [] }).due).toBeDefined();
    expect(step(twice, { kind: "released", outputs: ["a/x", "b/y"], all: [] }).due).toBeUndefined();
  });
});

describe("a start of field", () => {
  test("is known by the machine's own name for it, and unknown without one", () => {
    const stored = { ...NOTHING_HELD, machine: "one" };
    expect(startKind(stored, "one")).toBe("restart");
    expect(startKind(stored, "two")).toBe("start");
    expect(startKind(stored, undefined)).toBe("unknown");
    expect(startKind(NOTHING_HELD, "one")).toBe("unknown");
    expect(startKind(undefined, "one")).toBe("unknown");
  });

  test.each([
    ["leave", "plan", "plan"],
    ["last-commanded", "leave", "leave"],
    ["last-commanded", "last-commanded", "last-commanded"],
  ] as const)("of an unknown kind takes the safer word of %s and %s", (onStart, onRestart, safer) => {
    expect(recoveryOf(guard({ onStart, onRestart }), "unknown")).toBe(safer);
    expect(recoveryOf(guard({ onStart, onRestart }), "start")).toBe(onStart);
    expect(recoveryOf(guard({ onStart, onRestart }), "restart")).toBe(onRestart);
  });
});
