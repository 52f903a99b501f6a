import type { Loose } from "../loose.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Derived } from "../schema/derived.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { TypeOf } from "./check.ts";
import { compileExpression, pointsRead } from "./compile.ts";
import type { ValueType } from "./tree.ts";

/** What a derived point reads, and what of that stands in a circle with it. */
export interface DerivedOrder {
  /** indices into `derived.points`, each after whatever it reads; those in circles are left out */
  readonly order: readonly number[];
  /** indices of points that read each other in a circle, or read one that does */
  readonly circular: readonly number[];
}

/** The types of derived points follow from their expressions, each known once those that it reads are. */
export function derivedTypes(file: Loose<GatewayFile>, others: TypeOf): ReadonlyMap<PointRef, ValueType | undefined> {
  const { derived } = file;
  const types = new Map<PointRef, ValueType | undefined>();
  if (derived === undefined) return types;
  const device = derivedDevice(file);
  for (const point of derived.points ?? [])
    if (point?.name !== undefined) types.set(`${device}/${point.name}`, undefined);
  for (const index of derivedOrder(file).order) {
    const { name, expression } = derived.points?.[index] ?? {};
    if (name === undefined || expression === undefined) continue;
    const compiled = compileExpression(expression, (ref) => (types.has(ref) ? types.get(ref) : others(ref)));
    if ("type" in compiled) types.set(`${device}/${name}`, compiled.type);
  }
  return types;
}

export function derivedDevice({ derived }: Loose<GatewayFile>): string {
  return derived?.device ?? defaultOf(Derived.properties.device);
}

/** Takes away, again and again, what reads nothing that is left: whatever remains reads itself in the end. */
export function derivedOrder(file: Loose<GatewayFile>): DerivedOrder {
  const points = file.derived?.points ?? [];
  const device = derivedDevice(file);
  const byRef = new Map<PointRef, number>(points.map((point, index) => [`${device}/${point?.name}`, index]));
  const waitsFor = points.map(() => 0);
  const readers: number[][] = points.map(() => []);
  for (const [index, point] of points.entries())
    for (const ref of pointsRead(point?.expression ?? "")) {
      const read = byRef.get(ref);
      if (read === undefined) continue;
      waitsFor[index] = (waitsFor[index] ?? 0) + 1;
      readers[read]?.push(index);
    }
  const order = [...waitsFor.entries()].filter(([, count]) => count === 0).map(([index]) => index);
  for (const index of order)
    for (const reader of readers[index] ?? []) {
      const left = (waitsFor[reader] ?? 0) - 1;
      waitsFor[reader] = left;
      if (left === 0) order.push(reader);
    }
  const placed = new Set(order);
  return { order, circular: [...points.keys()].filter((index) => !placed.has(index)) };
}
