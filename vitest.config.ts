import { defineConfig } from "vitest/config";

/** `.ci/run` allows no skip and looks longer: its machine is new and busy. */
const patient = process.env["HOLDFAST_NO_SKIP"] === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    pool: "forks",
    testTimeout: patient ? 60_000 : 20_000,
    // a snapshot is written by a person who read it, never by a run
    update: false,
  },
});
