import type { Grants } from "../../contract/grants.ts";

/** Rules of one user, in the format of Mosquitto's `acl_file`. */
export function mosquittoUser(user: string, grants: Grants): string {
  return `user ${user}\n${lines("topic", grants)}`;
}

/** Rules for every user, with `%u` or `%c` as a level of a topic. */
export function mosquittoPattern(grants: Grants): string {
  return lines("pattern", grants);
}

function lines(keyword: "topic" | "pattern", { publish, subscribe }: Grants): string {
  const both = publish.filter((topic) => subscribe.includes(topic));
  const write = publish.filter((topic) => !both.includes(topic)).map((topic) => `${keyword} write ${topic}\n`);
  const read = subscribe.filter((topic) => !both.includes(topic)).map((topic) => `${keyword} read ${topic}\n`);
  return [...write, ...both.map((topic) => `${keyword} readwrite ${topic}\n`), ...read].join("");
}
