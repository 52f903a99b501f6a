import { isMap, isScalar, isSeq, stringify } from "yaml";
import { VALUES_MAX } from "../check-shape.ts";
import type { YamlDocument } from "../document.ts";
import type { Findings } from "../findings.ts";

/** A document as the text of one file, without comments and aliases. @returns undefined after a finding */
export function writtenOut(document: YamlDocument, findings: Findings): string | undefined {
  let values = 0;
  const plain = (written: unknown): unknown => {
    values += 1;
    const node = document.target(written);
    if (values > VALUES_MAX || node === undefined) return null;
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map(plain);
    if (!isMap(node)) return null;
    // own properties whatever they are called, `__proto__` included
    return new Map(node.items.map(({ key, value }) => [isScalar(key) ? key.value : plain(key), plain(value)]));
  };
  const tree = plain(document.root);
  if (values > VALUES_MAX) {
    const message = `written out, the file has more than ${VALUES_MAX} values`;
    findings.add("CONFIG_SIZE", -1, [], message, "divide the plant between several gateways");
    return undefined;
  }
  return stringify(tree, { aliasDuplicateObjects: false, lineWidth: 0 });
}
