import type { Grants } from "../../contract/grants.ts";

/** Rules of one user, as terms of EMQX 5's `acl.conf`. */
export function emqxUser(user: string, grants: Grants): string {
  return rules(`{username, ${text(user)}}`, grants);
}

/** Rules for every client, with `${username}` or `${clientid}` as a level of a topic. */
export function emqxPattern(grants: Grants): string {
  return rules("all", grants);
}

/** What ends the file: the first rule that matches decides. */
export const EMQX_END = "{deny, all}.\n";

function rules(who: string, { publish, subscribe }: Grants): string {
  return `{allow, ${who}, publish, ${list(publish)}}.\n{allow, ${who}, subscribe, ${list(subscribe)}}.\n`;
}

function list(topics: readonly string[]): string {
  return `[\n${topics.map((topic) => `  ${text(topic)}`).join(",\n")}\n]`;
}

/** An Erlang string. */
function text(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
