/**
 * Runs the drivers' contract cases in this process, which the caller has started with the product's flags, and says on
 * standard output which were kept and which were broken. The certificates come on standard input.
 */
import { text } from "node:stream/consumers";
import { driverContracts } from "./drivers.ts";
import type { TlsPki } from "./tls.contract.ts";

const pki = JSON.parse(await text(process.stdin)) as TlsPki;
const kept: string[] = [];
const broken: string[] = [];
for (const [driver, cases] of Object.entries(driverContracts(pki))) {
  if (driver.includes("Serial") && !process.permission.has("addon")) continue;
  for (const { name, run } of cases) {
    await run().then(
      () => kept.push(`${driver}: ${name}`),
      (error: unknown) => broken.push(`${driver}: ${name}: ${String(error)}`),
    );
  }
}
process.stdout.write(JSON.stringify({ kept, broken }));
