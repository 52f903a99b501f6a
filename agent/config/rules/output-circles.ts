import { compileExpression } from "../expression/index.ts";
import { formatPath } from "../findings.ts";
import type { FileOutput } from "../outputs-of.ts";
import { quote } from "../quote.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { Inquiry } from "./inquiry.ts";
import { mustBeOn } from "./must-be-on.ts";

type Outputs = ReadonlyMap<PointRef, FileOutput>;

/**
 * Exclusion holds both ways by itself. Whoever says it at both outputs has two places to change, and one that is
 * forgotten at night.
 */
export function checkExclusions(outputs: Outputs, inquiry: Inquiry): void {
  const said = new Map<string, string>();
  for (const { ref, output, path } of outputs.values())
    for (const [e, other] of (output.excludes ?? []).entries()) {
      if (other === undefined) continue;
      const at = [...path, "excludes", e];
      if (other === ref) {
        inquiry.say("CONFIG_OUTPUT_SELF", at, `${quote(ref)} excludes itself`, "delete the entry");
        continue;
      }
      const pair = [ref, other].toSorted().join(" ");
      const earlier = said.get(pair);
      said.set(pair, earlier ?? formatPath(at));
      if (earlier === undefined) continue;
      const message = `${quote(ref)} and ${quote(other)} exclude each other already by ${earlier}: exclusion holds both ways`;
      inquiry.say("CONFIG_OUTPUT_CIRCLE", at, message, `delete one of the two: this one, or ${earlier}`);
    }
}

/** Outputs of which each may be on only while the next one is: none of them can ever be the first. */
export function checkRequirements(outputs: Outputs, inquiry: Inquiry): void {
  const required = new Map([...outputs.values()].map((output) => [output.ref, requiredOn(output, outputs, inquiry)]));
  const done = new Set<PointRef>();
  for (const [ref, output] of outputs) {
    checkContradiction(output, required.get(ref) ?? new Set(), outputs, inquiry);
    if (done.has(ref)) continue;
    const circle = circleFrom(ref, required);
    if (circle === undefined) continue;
    for (const one of circle) done.add(one);
    const places = circle.map((one) => `${one} (${formatPath(outputs.get(one)?.path ?? [])})`).join(" needs ");
    const message = `each may be on only while the next one is, so none can ever be switched on: ${places} needs ${ref}`;
    const hint = "take the condition out of the one that has to start first";
    inquiry.say("CONFIG_OUTPUT_CIRCLE", [...output.path, "permissives"], message, hint, "key");
  }
}

/** Outputs that have to be on for this one to be switched on. */
function requiredOn({ ref, output }: FileOutput, outputs: Outputs, inquiry: Inquiry): ReadonlySet<PointRef> {
  const texts = [output.remoteEnable, ...(output.permissives ?? []).map((permissive) => permissive?.when)];
  const found = new Set<PointRef>();
  for (const text of texts) {
    if (text === undefined) continue;
    const compiled = compileExpression(text, (point) => inquiry.points.typeOf(point));
    // what reads itself was said already
    if ("error" in compiled || compiled.expression.points.includes(ref)) continue;
    for (const point of mustBeOn(compiled.expression)) if (outputs.has(point)) found.add(point);
  }
  return found;
}

function checkContradiction(
  one: FileOutput,
  required: ReadonlySet<PointRef>,
  outputs: Outputs,
  inquiry: Inquiry,
): void {
  for (const ref of required) {
    const there = (one.output.excludes ?? []).includes(ref);
    const back = (outputs.get(ref)?.output.excludes ?? []).includes(one.ref);
    if (!there && !back) continue;
    const message = `${quote(one.ref)} may be on only while ${quote(ref)} is, and the two exclude each other: it can never be switched on`;
    inquiry.say("CONFIG_OUTPUT_CIRCLE", one.path, message, "delete the condition or the exclusion", "key");
  }
}

/** The way from an output back to itself, without the return. */
function circleFrom(
  start: PointRef,
  required: ReadonlyMap<PointRef, ReadonlySet<PointRef>>,
): readonly PointRef[] | undefined {
  const cameFrom = new Map<PointRef, PointRef>();
  const queue: PointRef[] = [start];
  for (const ref of queue)
    for (const next of required.get(ref) ?? []) {
      if (next === start) {
        const way: PointRef[] = [ref];
        for (let at = ref; at !== start; at = way[0] as PointRef) way.unshift(cameFrom.get(at) as PointRef);
        return way;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, ref);
      queue.push(next);
    }
  return undefined;
}
