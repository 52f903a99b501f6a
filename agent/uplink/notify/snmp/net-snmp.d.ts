/** What is used of net-snmp, which brings no types. */
declare module "net-snmp" {
  import type { EventEmitter } from "node:events";

  export interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol: string;
    readonly authKey: string;
    readonly privProtocol: string;
    readonly privKey: string;
  }
  export interface Varbind {
    readonly oid: string;
    readonly type: number;
    readonly value: string | number | Buffer;
  }
  /** What the library asks of a socket of `node:dgram`. */
  export interface SocketLike {
    on(event: "message", listener: (bytes: Buffer) => void): unknown;
    on(event: "close", listener: () => void): unknown;
    on(event: "error", listener: (error: Error) => void): unknown;
    send(
      bytes: Buffer,
      offset: number,
      length: number,
      port: number,
      host: string,
      sent: (error: Error | null, bytes?: number) => void,
    ): void;
    close(): void;
    ref(): void;
    unref(): void;
  }
  export interface SessionOptions {
    readonly trapPort: number;
    readonly retries: number;
    readonly timeout: number;
    readonly dgramModule: { createSocket(transport: string): SocketLike };
  }
  export interface Session extends EventEmitter {
    inform(
      oid: string,
      varbinds: readonly Varbind[],
      options: { readonly upTime: number },
      done: (error: Error | null) => void,
    ): void;
    close(): void;
  }
  export interface Library {
    createV3Session(host: string, user: User, options: SessionOptions): Session;
    readonly SecurityLevel: { readonly authPriv: number };
    readonly AuthProtocols: { readonly sha256: string; readonly sha512: string };
    readonly PrivProtocols: { readonly aes: string; readonly aes256b: string };
    readonly ObjectType: { readonly OctetString: number; readonly Gauge: number; readonly Counter64: number };
    readonly ResponseInvalidCode: Readonly<Record<string, number>>;
  }
  const library: Library;
  export default library;
}
