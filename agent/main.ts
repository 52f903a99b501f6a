import { isatty } from "node:tty";
import { commandHelp, helpText } from "./cli/help.ts";
import type { CommandIo } from "./cli/io.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./cli/io.ts";
import { VERSION } from "./version.ts";

/** Wide enough for points side by side in a file, narrow enough to read. */
const PIPE_COLUMNS = 120;

const io: CommandIo = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTty: isatty(1),
  // asked for only where it is wanted: opening the stream costs `run` memory
  get columns() {
    return process.stdout.columns ?? PIPE_COLUMNS;
  },
  get rows() {
    return process.stdout.rows;
  },
};

/** The `holdfast` command. Each subcommand is loaded when it is asked for: `run` must stay small. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (rest.includes("--help")) return help(args.filter((word) => word !== "--help"));
  switch (command) {
    case "run":
      return (await import("./cli/run.ts")).runCommand(rest, io);
    case "status":
    case "why":
    case "outputs":
    case "alarms":
    case "inventory":
    case "discover":
    case "config":
    case "self-test":
    case "telemetry":
    case "uplink":
    case "notify":
      return (await import("./cli/commands.ts")).localCommand(command, rest, io);
    case "version":
    case "--version":
      io.out(`${VERSION}\n`);
      return EXIT_DONE;
    case "help":
    case "--help":
      return help(rest);
    case undefined:
      io.err(helpText());
      return misused(io, "which command?");
    default:
      return misused(io, `no command ${JSON.stringify(command)}`);
  }
}

function help(words: readonly string[]): number {
  if (words.length === 0) {
    io.out(helpText());
    return EXIT_DONE;
  }
  const about = commandHelp(words);
  if (about === undefined) return misused(io, `no command ${JSON.stringify(words.join(" "))}`);
  io.out(about);
  return EXIT_DONE;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "FAILED";
    process.exitCode = refuse(io, code, error instanceof Error ? error.message : String(error)) || EXIT_FAILED;
  },
);
