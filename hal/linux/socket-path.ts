import { HalError } from "../error.ts";
import type { HalErrorCode } from "../error.ts";

/** `sun_path` is 108 bytes with its terminator; a longer path would be cut off and name another socket. */
const SOCKET_PATH_BYTES_MAX = 107;

/** @throws {HalError} `code` for a path no UNIX socket can have */
export function checkSocketPath(path: string, code: HalErrorCode): void {
  const bytes = Buffer.byteLength(path);
  if (bytes === 0 || bytes > SOCKET_PATH_BYTES_MAX || path.includes("\0")) {
    throw new HalError(code, `a socket path of ${bytes} bytes, 1 to ${SOCKET_PATH_BYTES_MAX} allowed: ${path}`);
  }
}
