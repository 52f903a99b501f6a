import { nearest } from "../hints/nearest.ts";
import { quote } from "../quote.ts";
import { EXPRESSION_ARGUMENTS, EXPRESSION_DEPTH_MAX, EXPRESSION_STEPS_MAX } from "../snapshot/expression.ts";
import type { ExpressionFunction, ExpressionOperator } from "../snapshot/expression.ts";
import { refuse } from "./fault.ts";
import { tokens } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import type { Tree } from "./tree.ts";

/** From the loosest to the tightest; `not` stands between `and` and the comparisons. */
const COMPARISONS: readonly ExpressionOperator[] = ["<", "<=", ">", ">=", "==", "!="];
const SUMS: readonly ExpressionOperator[] = ["+", "-"];
const PRODUCTS: readonly ExpressionOperator[] = ["*", "/", "%"];

/** @throws {ExpressionError} at the first word that does not fit */
export function parse(text: string): Tree {
  const parser = new Parser(tokens(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #steps = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  whole(): Tree {
    if (this.#peek().kind === "end")
      refuse(0, "the expression is empty", "write what to reckon, such as [device/point] > 2.5");
    const tree = this.#or();
    const { kind, at } = this.#peek();
    if (kind !== "end")
      refuse(at, `${spelled(this.#peek())} follows a whole expression`, "write an operator between them, or delete it");
    return tree;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #or(): Tree {
    return this.#chain(["or"], () => this.#and());
  }

  #and(): Tree {
    return this.#chain(["and"], () => this.#not());
  }

  #not(): Tree {
    const { at } = this.#peek();
    if (this.#take("not") === undefined) return this.#comparison();
    return this.#deeper(at, () => this.#node({ kind: "operator", at, operator: "not", operands: [this.#not()] }));
  }

  #comparison(): Tree {
    const left = this.#chain(SUMS, () => this.#product());
    const { at } = this.#peek();
    const operator = this.#takeOneOf(COMPARISONS);
    if (operator === undefined) return left;
    const right = this.#chain(SUMS, () => this.#product());
    const second = this.#peek();
    if (this.#takeOneOf(COMPARISONS) !== undefined) {
      refuse(second.at, "two comparisons in a row", "join them with and: [a/x] > 1 and [a/x] < 5");
    }
    return this.#node({ kind: "operator", at, operator, operands: [left, right] });
  }

  #product(): Tree {
    return this.#chain(PRODUCTS, () => this.#signed());
  }

  #signed(): Tree {
    const { at } = this.#peek();
    if (this.#take("-") === undefined) return this.#primary();
    return this.#deeper(at, () => this.#node({ kind: "operator", at, operator: "negate", operands: [this.#signed()] }));
  }

  #chain(operators: readonly ExpressionOperator[], part: () => Tree): Tree {
    let left = part();
    for (;;) {
      const { at } = this.#peek();
      const operator = this.#takeOneOf(operators);
      if (operator === undefined) return left;
      left = this.#node({ kind: "operator", at, operator, operands: [left, part()] });
    }
  }

  #primary(): Tree {
    const token = this.#peek();
    const { at } = token;
    switch (token.kind) {
      case "number":
      case "text":
        this.#next++;
        return this.#node({ kind: "value", at, value: token.value });
      case "point":
        this.#next++;
        return this.#node({ kind: "point", at, ref: token.ref });
      case "word":
        return this.#word(token.word, at);
      case "sign":
        if (token.sign !== "(") break;
        this.#next++;
        return this.#deeper(at, () => this.#closed(this.#or(), at));
      case "end":
    }
    return refuse(
      at,
      `a value is wanted, ${spelled(token)} stands here`,
      "write a number, a point as [device/point], or (",
    );
  }

  #word(word: string, at: number): Tree {
    this.#next++;
    if (word === "true" || word === "false") return this.#node({ kind: "value", at, value: word === "true" });
    if (!isFunction(word)) {
      const near = nearest(word, ["true", "false", "and", "or", "not", ...Object.keys(EXPRESSION_ARGUMENTS)]);
      const hint =
        near === undefined
          ? "points stand in brackets: [device/point]; texts in quotes: 'text'"
          : `did you mean ${near}?`;
      return refuse(at, `${quote(word)} is no word of this language`, hint);
    }
    if (this.#take("(") === undefined)
      refuse(this.#peek().at, `${word} is called with parentheses`, `write ${word}(…)`);
    return this.#deeper(at, () => {
      const operands = [this.#or()];
      while (this.#take(",") !== undefined) operands.push(this.#or());
      const [fewest, most] = EXPRESSION_ARGUMENTS[word];
      if (operands.length < fewest || operands.length > most) {
        const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
        refuse(
          at,
          `${word} takes ${wanted} values, ${operands.length} stand here`,
          `write ${wanted}, with commas between`,
        );
      }
      return this.#closed(this.#node({ kind: "call", at, name: word, operands }), at);
    });
  }

  #closed(tree: Tree, openedAt: number): Tree {
    if (this.#take(")") !== undefined) return tree;
    const message = `${spelled(this.#peek())} stands where the parenthesis from character ${openedAt + 1} should close`;
    return refuse(this.#peek().at, message, "write )");
  }

  #deeper(at: number, part: () => Tree): Tree {
    if (++this.#depth > EXPRESSION_DEPTH_MAX) {
      const message = `more than ${EXPRESSION_DEPTH_MAX} parentheses, calls or signs within each other`;
      refuse(at, message, "give the inner part a name of its own under `derived`");
    }
    const tree = part();
    this.#depth--;
    return tree;
  }

  #node(tree: Tree): Tree {
    if (++this.#steps <= EXPRESSION_STEPS_MAX) return tree;
    const message = `more than ${EXPRESSION_STEPS_MAX} values and operators`;
    return refuse(tree.at, message, "give parts of it names of their own under `derived`");
  }

  #takeOneOf(operators: readonly ExpressionOperator[]): ExpressionOperator | undefined {
    return operators.find((operator) => this.#take(operator) !== undefined);
  }

  #take(spelling: string): Token | undefined {
    const token = this.#peek();
    const is = (token.kind === "sign" && token.sign === spelling) || (token.kind === "word" && token.word === spelling);
    if (!is) return undefined;
    this.#next++;
    return token;
  }
}

function isFunction(word: string): word is ExpressionFunction {
  return Object.hasOwn(EXPRESSION_ARGUMENTS, word);
}

function spelled(token: Token): string {
  switch (token.kind) {
    case "end":
      return "the end";
    case "number":
      return String(token.value);
    case "text":
      return "a text";
    case "point":
      return `[${token.ref}]`;
    case "word":
      return quote(token.word);
    case "sign":
      return quote(token.sign);
  }
}
