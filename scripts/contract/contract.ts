import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { captureSession } from "./capture.ts";
import { CONTRACT_FOLDER, contractDocuments } from "./documents.ts";
import { examplesOf } from "./examples.ts";

/** Writes the documents of the MQTT contract; with `--check` says which are not what they should be. */
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const folder = join(import.meta.dirname, "..", "..", CONTRACT_FOLDER);
const documents = contractDocuments(examplesOf(await captureSession()));
for (const [path, text] of documents) {
  const file = join(folder, path);
  if (values.check) {
    if (read(file) === text) continue;
    console.error(`${join(CONTRACT_FOLDER, path)} is not what the schemas say: npm run contract`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
