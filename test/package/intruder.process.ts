/** What somebody would try who has taken over `uplink`: says of each attempt what came of it. */
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";

function say(what: string, error?: unknown): void {
  const code = error instanceof Error && "code" in error ? String(error.code) : "done";
  process.stdout.write(`${what}:${code}\n`);
}

function attempt(what: string, act: () => unknown): void {
  try {
    act();
    say(what);
  } catch (error) {
    say(what, error);
  }
}

attempt("state", () => readdirSync("/var/lib/holdfast/keeper"));
attempt("system", () => writeFileSync("/usr/lib/holdfast/bundle/keeper.js", ""));
attempt("credentials", () => readdirSync("/etc/credstore"));
attempt("own-credential", () => readdirSync("/run/credentials/intruder.service"));
attempt("namespace", () => {
  const { status } = spawnSync("unshare", ["--user", "true"]);
  if (status !== 0) throw Object.assign(new Error("unshare"), { code: "refused" });
});
const server = createServer();
server.on("error", (error) => say("listen", error)).on("listening", () => say("listen"));
server.listen(0, "127.0.0.1", () => server.close());
connect("/run/holdfast/control/socket").on("error", (error) => say("control", error));
