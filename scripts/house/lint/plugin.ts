import { relative, sep } from "node:path";
import { refusedImport } from "./arrows.ts";

/** The little of the linter's plugin interface that we use. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
interface Context {
  readonly filename: string;
  readonly cwd: string;
  report(finding: { readonly node: Node; readonly message: string }): void;
}
type Visitor = Readonly<Record<string, (node: Node) => void>>;
interface Rule {
  create(context: Context): Visitor;
}

/** Imports follow the arrows of the architecture, whether static, dynamic, re-exported or for a type alone. */
const arrows: Rule = {
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join("/");
    const judge = (node: Node): void => {
      const source = node["source"] as { readonly value?: unknown } | null | undefined;
      if (typeof source?.value !== "string") return;
      const refusal = refusedImport(path, source.value);
      if (refusal !== undefined) context.report({ node, message: refusal });
    };
    return {
      ImportDeclaration: judge,
      ExportNamedDeclaration: judge,
      ExportAllDeclaration: judge,
      ImportExpression: judge,
      TSImportType: judge,
    };
  },
};

const MUTABLE_COLLECTIONS = new Set(["Map", "Set", "WeakMap", "WeakSet"]);

/** Three rooms run in one process in tests and demos: state at module level would be shared between gateways. */
const noModuleState: Rule = {
  create(context) {
    return {
      Program(program) {
        for (const statement of program["body"] as readonly Node[]) {
          const declaration =
            statement.type === "ExportNamedDeclaration" ? (statement["declaration"] as Node | null) : statement;
          if (declaration?.type !== "VariableDeclaration") continue;
          if (declaration["declare"] === true) continue;
          if (declaration["kind"] === "let" || declaration["kind"] === "var") {
            context.report({ node: declaration, message: "a room keeps no state at module level" });
          }
          for (const declarator of declaration["declarations"] as readonly Node[]) {
            if (isEmptyCollection(declarator["init"] as Node | null)) {
              context.report({
                node: declarator,
                message: "an empty collection at module level is state: a room has none",
              });
            }
          }
        }
      },
    };
  },
};

function isEmptyCollection(init: Node | null): boolean {
  if (init?.type !== "NewExpression") return false;
  const callee = init["callee"] as Node;
  const name = callee.type === "Identifier" ? callee["name"] : undefined;
  return (
    typeof name === "string" && MUTABLE_COLLECTIONS.has(name) && (init["arguments"] as readonly Node[]).length === 0
  );
}

export default { meta: { name: "house" }, rules: { arrows, "no-module-state": noModuleState } };
