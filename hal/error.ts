/** What the machine can refuse. Codes are contract; the message says what was offered and what was wanted. */
export type HalErrorCode =
  | "HAL_PORT_UNKNOWN" // no such serial device path: check the cable and /dev/serial/by-id
  | "HAL_PORT_REFUSED" // the device exists and cannot be opened: permissions, or another process holds it
  | "HAL_PORT_VANISHED" // an open device went away: reopened by whoever owns the line
  | "HAL_PORT_CLOSED" // used after disposal
  | "HAL_SERIAL_UNAVAILABLE" // the native serial binding did not load: reinstall, see `holdfast self-test`
  | "HAL_LINE_UNKNOWN" // no such digital input or output, or no driver of that name
  | "HAL_LINE_REFUSED" // it exists and cannot be opened: permissions, or somebody else has it
  | "HAL_LINE_FAILED" // an open line can no longer be read or set
  | "HAL_INTERFACE_UNKNOWN" // no network interface of that name
  | "HAL_INTERFACE_NO_ADDRESS" // the interface has no address of the family the target needs
  | "HAL_NAME_UNRESOLVED" // host name lookup failed
  | "HAL_CONNECT_REFUSED" // the peer answered no
  | "HAL_CONNECT_UNREACHABLE" // no route, or the link is down
  | "HAL_CONNECT_TIMEOUT" // the peer never answered
  | "HAL_CONNECT_FAILED" // anything else the kernel said
  | "HAL_TLS_UNTRUSTED" // the peer's certificate does not chain to the configured anchors, or names someone else
  | "HAL_TLS_REFUSED" // the peer refused our certificate or offer
  | "HAL_TLS_FAILED" // any other handshake failure
  | "HAL_TLS_MATERIAL" // our own key, certificate or anchor file does not parse or fit together
  | "HAL_HTTP_CLOSED" // hung up instead of answering
  | "HAL_HTTP_INVALID" // bytes that are no HTTP, or more headers than any answer needs
  | "HAL_LISTEN_FAILED" // address in use, or not ours
  | "HAL_FILE_MISSING"
  | "HAL_FILE_REFUSED" // permissions
  | "HAL_DISK_FULL"
  | "HAL_DISK_FAILED" // an I/O or sync error: what was being written is not durable
  | "HAL_CELL_SIZE"; // state larger than a cell may be

/** The world's refusal, as seen by `hal`. A caller's mistake is a `TypeError` or `RangeError` instead. */
export class HalError extends Error {
  readonly code: HalErrorCode;
  constructor(code: HalErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "HalError";
    this.code = code;
  }
}
