import { connect } from "node:net";
import { join } from "node:path";

/** `npm run fault -- FOLDER TARGET WORD [SECONDS]`: breaks something in the demo that runs in FOLDER. */
const [folder, ...words] = process.argv.slice(2);
if (folder === undefined || words.length < 2) {
  process.stderr.write(
    "fault TARGET WORD [SECONDS], such as: fault pump-1 silence 60; or: npm run fault -- FOLDER TARGET WORD [SECONDS]\n",
  );
  process.exit(2);
}
const socket = connect(join(folder, "fault"));
let text = "";
socket.on("connect", () => socket.write(`${JSON.stringify(words)}\n`));
socket.on("data", (chunk) => (text += chunk.toString("utf8")));
socket.on("error", () => {
  process.stderr.write(`no demo runs in ${folder}; npm start prints its folder\n`);
  process.exitCode = 1;
});
socket.on("end", () => {
  const answer = JSON.parse(text) as { readonly done: boolean; readonly says: string };
  (answer.done ? process.stdout : process.stderr).write(`${answer.says}\n`);
  process.exitCode = answer.done ? 0 : 1;
});
