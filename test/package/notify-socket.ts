import { vi } from "vitest";
import { startChild } from "../interop/peers/child.ts";

const PATIENCE_MS = 15_000;

/** A service manager's end of the notification protocol: every datagram with the process id that the kernel vouches for. */
const RECEIVER = `
import socket, struct, sys, os
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
address = sys.argv[1]
s.bind("\\0" + address[1:] if address[0] == "@" else address)
if address[0] != "@": os.chmod(address, 0o666)
print("listening", flush=True)
while True:
    text, control, _, _ = s.recvmsg(4096, 64)
    print("got", struct.unpack("iii", control[0][2])[0], text.decode(), flush=True)
`;

export interface Notified {
  readonly pid: number;
  readonly message: string;
}

export interface NotifySocket extends AsyncDisposable {
  readonly received: readonly Notified[];
  /** Once as many messages of this text have come. */
  until(message: string, times?: number): Promise<void>;
  /** It reads nothing any more, until it is disposed. */
  stall(): void;
}

/** @param address a path, or with a leading `@` an abstract name */
export async function openNotifySocket(address: string): Promise<NotifySocket> {
  const received: Notified[] = [];
  const child = startChild("python3", ["-c", RECEIVER, address]);
  child.onLine((line) => {
    const [, pid, message] = /^got (\d+) (.*)$/.exec(line) ?? [];
    if (pid !== undefined && message !== undefined) received.push({ pid: Number(pid), message });
  });
  await child.line(/^listening$/);
  return {
    received,
    until: (message, times = 1) =>
      vi.waitFor(
        () => {
          if (received.filter((one) => one.message === message).length >= times) return;
          throw new Error(`${message} did not come ${times} times: ${JSON.stringify(received)}`);
        },
        { timeout: PATIENCE_MS, interval: 20 },
      ),
    stall: () => void process.kill(child.pid, "SIGSTOP"),
    async [Symbol.asyncDispose]() {
      process.kill(child.pid, "SIGCONT");
      await child[Symbol.asyncDispose]();
    },
  };
}
