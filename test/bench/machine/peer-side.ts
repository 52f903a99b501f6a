/** The child's half of {@link startPeer}: options from the command line, answers over the process channel. */
export function peerOptions(): unknown {
  return JSON.parse(process.argv[2] ?? "null");
}

/** Says that it is ready and answers questions until the bench ends it or is gone. */
export function servePeer(ready: object, answer: (question: string) => object | Promise<object>): void {
  process.on("message", (question) => {
    void Promise.try(answer, String(question)).then((said) => process.send?.(said));
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.send?.(ready);
}
