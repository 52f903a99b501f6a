/** How far a value on the stack may be believed; the worse the higher, and the worst of its inputs is a result's. */
export const GOOD = 0;
export const UNCERTAIN = 1;
export const NOT_A_NUMBER = 2;
/** there is no usable value */
export const OPEN = 3;

/** Two arrays rather than one of pairs: an evaluation allocates nothing. */
export interface Stack {
  readonly values: (number | boolean | string)[];
  readonly states: number[];
  /** entries in use */
  top: number;
}
