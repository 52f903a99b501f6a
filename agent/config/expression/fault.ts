/** What is wrong with an expression, for the person who wrote it. */
export interface ExpressionFault {
  /** UTF-16 units from the start of the expression */
  readonly at: number;
  readonly message: string;
  readonly hint: string;
  /** the point that nobody knows, where that is what is wrong */
  readonly unknown?: string;
}

/** Carries a fault out of the parser; it goes no further than `compileExpression`. */
export class ExpressionError extends Error {
  readonly fault: ExpressionFault;

  constructor(fault: ExpressionFault) {
    super(fault.message);
    this.name = "ExpressionError";
    this.fault = fault;
  }
}

export function refuse(at: number, message: string, hint: string): never {
  throw new ExpressionError({ at, message, hint });
}
