import { expect, test } from "vitest";
import { selfTestCommand } from "../../../agent/cli/self-test.ts";

const missing = { ok: false, code: "HAL_SERIAL_UNAVAILABLE", message: "No native build was found" } as const;
const present = { ok: true, binding: "serialport" } as const;

async function run(args: readonly string[], serial: typeof missing | typeof present) {
  let out = "";
  const io = { out: (text: string) => void (out += text), err: () => {}, isTty: false, columns: 80 };
  const code = await selfTestCommand(args, { serial: () => Promise.resolve(serial) }, io);
  return { code, out };
}

test("an installation whose serial binding is missing says so, with its code, and fails", async () => {
  const { code, out } = await run([], missing);
  expect(code).toBe(1);
  expect(out).toContain("FAILED  serial: HAL_SERIAL_UNAVAILABLE: No native build was found");
});

test("at a start only what is wrong is said", async () => {
  expect(await run(["--quiet"], present)).toEqual({ code: 0, out: "" });
  const { out } = await run(["--quiet"], missing);
  expect(out.trim().split("\n")).toHaveLength(1);
});

test("a program can read it", async () => {
  const { out } = await run(["--json"], present);
  expect(JSON.parse(out)).toMatchObject({
    checks: [{ check: "runtime" }, { check: "tls" }, { check: "serial", ok: true }],
  });
});
