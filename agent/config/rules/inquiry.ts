import type { ConfigCode } from "../codes.ts";
import type { PointTypes } from "../expression/point-types.ts";
import type { Path } from "../findings.ts";

/** What a rule beyond the schema may ask and say. Rules see loose values: what is missing or wrong was said already. */
export interface Inquiry {
  /** Whether an object's own keys and plain values are right, so that combinations of them may be judged. */
  whole(part: object): boolean;
  /**
   * @param part which side of the colon the finding points at, the value unless told; or how many characters into a
   * plain text
   */
  say(code: ConfigCode, path: Path, message: string, hint: string, part?: "key" | "value" | number): void;
  /** what the points of the file are, for whatever refers to one as `device/point` */
  readonly points: PointTypes;
}
