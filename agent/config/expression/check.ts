import { EXPRESSION_POINTS_MAX } from "../snapshot/expression.ts";
import type { ExpressionOperator, ExpressionStep, PointRef } from "../snapshot/expression.ts";
import { ExpressionError, refuse } from "./fault.ts";
import type { Tree, ValueType } from "./tree.ts";

export type TypeOf = (ref: PointRef) => ValueType | undefined;

const NAMES = { bool: "true or false", number: "a number", string: "a text" } as const;

/** Judges the types of a tree from the leaves up, and writes it down in postfix order. */
export class Checker {
  readonly points: PointRef[] = [];
  readonly steps: ExpressionStep[] = [];
  readonly #typeOf: TypeOf;

  constructor(typeOf: TypeOf) {
    this.#typeOf = typeOf;
  }

  /** @throws {ExpressionError} where a value does not fit what is done with it, or nobody knows a point */
  take(tree: Tree): ValueType {
    switch (tree.kind) {
      case "value":
        this.steps.push(["value", tree.value]);
        return typeName(tree.value);
      case "point":
        return this.#point(tree.ref, tree.at);
      case "operator": {
        const types = tree.operands.map((operand) => this.take(operand));
        this.steps.push(["operator", tree.operator]);
        return operatorType(tree, types);
      }
      case "call": {
        const types = tree.operands.map((operand) => this.take(operand));
        this.steps.push(["call", tree.name, types.length]);
        return callType(tree, types);
      }
    }
  }

  #point(ref: PointRef, at: number): ValueType {
    const type = this.#typeOf(ref);
    if (type === undefined) {
      const message = `there is no value [${ref}]`;
      throw new ExpressionError({ at, message, hint: "write device and point as the file names them", unknown: ref });
    }
    let index = this.points.indexOf(ref);
    if (index < 0) index = this.points.push(ref) - 1;
    if (index >= EXPRESSION_POINTS_MAX) {
      const message = `more than ${EXPRESSION_POINTS_MAX} points in one expression`;
      refuse(at, message, "give parts of it names of their own under `derived`");
    }
    this.steps.push(["point", index]);
    return type;
  }
}

function operatorType(tree: Tree & { readonly kind: "operator" }, types: readonly ValueType[]): ValueType {
  const { operator, operands } = tree;
  switch (operator) {
    case "and":
    case "or":
    case "not":
      return all("bool", operator, tree, types);
    case "==":
    case "!=":
      return alike(operator, tree, types, 0) && "bool";
    case "<":
    case "<=":
    case ">":
    case ">=":
      return all("number", operator, tree, types) && "bool";
    case "/":
    case "%":
      if (operands[1]?.kind === "value" && operands[1].value === 0) {
        refuse(operands[1].at, "division by 0 has no value", "write another divisor");
      }
      return all("number", operator, tree, types);
    case "+":
    case "-":
    case "*":
    case "negate":
      return all("number", operator === "negate" ? "-" : operator, tree, types);
  }
}

function callType(tree: Tree & { readonly kind: "call" }, types: readonly ValueType[]): ValueType {
  switch (tree.name) {
    case "good":
      return "bool";
    case "fallback":
      return alike("fallback", tree, types, 0);
    case "if":
      only("bool", "the condition of if", tree.operands[0], types[0]);
      return alike("if", tree, types, 1);
    case "abs":
    case "min":
    case "max":
    case "round":
    case "sqrt":
      return all("number", tree.name, tree, types);
  }
}

type Inner = Tree & { readonly operands: readonly Tree[] };

function all(wanted: ValueType, what: string, tree: Inner, types: readonly ValueType[]): ValueType {
  for (const [index, type] of types.entries()) only(wanted, what, tree.operands[index], type);
  return wanted;
}

function only(wanted: ValueType, what: string, operand: Tree | undefined, type: ValueType | undefined): void {
  if (type === undefined || type === wanted) return;
  const hint = wanted === "bool" ? "compare it with something: > 0, == 'text'" : `write ${NAMES[wanted]}`;
  refuse(operand?.at ?? 0, `${what} takes ${NAMES[wanted]}, this is ${NAMES[type]}`, hint);
}

function alike(
  what: ExpressionOperator | "if" | "fallback",
  tree: Inner,
  types: readonly ValueType[],
  from: number,
): ValueType {
  const [first, second] = types.slice(from);
  if (first !== undefined && second !== undefined && first !== second) {
    const message = `${what} takes two values of one kind, these are ${NAMES[first]} and ${NAMES[second]}`;
    refuse(tree.operands[from + 1]?.at ?? tree.at, message, `write ${NAMES[first]} here`);
  }
  return first ?? "bool";
}

function typeName(value: number | boolean | string): ValueType {
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "number" : "string";
}
