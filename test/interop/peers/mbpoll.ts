import { runChild } from "./child.ts";

/** What mbpoll printed: values by reference, and whatever it complained about. */
export interface MbpollAnswer {
  readonly code: number | string;
  readonly values: ReadonlyMap<number, string>;
  readonly said: string;
}

const VALUE = /^\[(\d+)\]:\s+(\S.*?)\s*$/;

/** Runs mbpoll once, with references counted from 0 as on the wire. @param values written instead of read, where given */
export async function mbpoll(
  target: string,
  options: readonly string[],
  values: readonly (number | string)[] = [],
): Promise<MbpollAnswer> {
  const written = values.length === 0 ? [] : ["--", ...values.map(String)];
  const ran = await runChild("mbpoll", ["-0", "-1", ...options, target, ...written]);
  const lines = ran.output.split("\n");
  const found = lines.flatMap((line): [number, string][] => {
    const match = VALUE.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [[Number(match[1]), match[2]]];
  });
  return { code: ran.code, values: new Map(found), said: `${ran.output}${ran.errors}` };
}
