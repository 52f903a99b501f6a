export { compileExpression, pointsRead } from "./compile.ts";
export type { CompiledExpression } from "./compile.ts";
export type { TypeOf } from "./check.ts";
export type { ExpressionFault } from "./fault.ts";
export type { PointTypes } from "./point-types.ts";
export type { ValueType } from "./tree.ts";
