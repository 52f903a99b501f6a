import { expect, test } from "vitest";
import { COMMAND_TABLE } from "../../../agent/cli/command-table.ts";
import { commandHelp, helpText } from "../../../agent/cli/help.ts";

test("help fits the narrowest terminal there usually is, and names every command", () => {
  for (const line of helpText().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  for (const { words } of COMMAND_TABLE) expect(helpText()).toContain(`holdfast ${words}`);
});

test("help of one command explains its options, of a group all its commands, with an operand the command", () => {
  const about = commandHelp(["discover"]) ?? "";
  expect(about).toContain("--identify");
  expect(about.split("\n").length).toBeGreaterThan(8);
  expect(commandHelp(["outputs"])).toContain("holdfast outputs to-plan");
  expect(commandHelp(["config", "check", "gateway.yaml"])).toMatch(/^ {2}holdfast config check FILE\n/);
  expect(commandHelp(["config", "check", "gateway.yaml"])).not.toContain("config apply");
});

test("help of what does not exist is none", () => {
  expect(commandHelp(["disco"])).toBeUndefined();
  expect(commandHelp([])).toBeUndefined();
});
