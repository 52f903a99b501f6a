import type { ByteStream, Listener, Network, TcpTarget } from "../hal/network.ts";

const HEAD_BYTES_MAX = 8_192;
const HEAD_END = "\r\n\r\n";

export interface ProxyOptions {
  readonly network: Network;
  readonly target: TcpTarget;
  /** `user:password`; absent: everybody may */
  readonly login?: string;
  /** ports it tunnels to; default: all */
  readonly ports?: readonly number[];
}

/** A forward proxy that does CONNECT with Basic authentication, or says what it is told to say instead. */
export interface Proxy extends AsyncDisposable {
  readonly port: number | undefined;
  /** the first line and headers of every request, as they came */
  readonly requests: readonly string[];
  readonly tunnels: number;
  /** From now on: these bytes for every request and nothing more; undefined: an honest proxy again. */
  lie(answer: string | undefined, after?: "close" | "silence"): void;
}

/** @throws {HalError} `HAL_LISTEN_FAILED` */
export async function openProxy({ network, target, login, ports }: ProxyOptions): Promise<Proxy> {
  const requests: string[] = [];
  const never = new AbortController().signal;
  let tunnels = 0;
  let lie: { readonly answer: string; readonly after: "close" | "silence" } | undefined;

  const refuse = (stream: ByteStream, status: string, headers = ""): void =>
    void stream.end(`HTTP/1.1 ${status}\r\n${headers}Content-Length: 0\r\nConnection: close${HEAD_END}`);

  async function serve(stream: ByteStream, request: string): Promise<void> {
    if (lie !== undefined) {
      stream.write(lie.answer);
      if (lie.after === "close") stream.end();
      return;
    }
    const [, host = "", port = "0"] = /^CONNECT \[?([^\s\]]+)\]?:(\d+) HTTP\/1\.1\r\n/.exec(request) ?? [];
    const [, offered = ""] = /^Proxy-Authorization: Basic (\S+)\r$/im.exec(request) ?? [];
    if (login !== undefined && Buffer.from(offered, "base64").toString("utf8") !== login) {
      refuse(stream, "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="simulated"\r\n');
    } else if (host === "") refuse(stream, "400 Bad Request");
    else if (ports?.includes(Number(port)) === false) refuse(stream, "403 Forbidden");
    else await tunnel(stream, { kind: "tcp", host, port: Number(port) });
  }

  async function tunnel(stream: ByteStream, to: TcpTarget): Promise<void> {
    let far: ByteStream;
    try {
      far = await network.connect(to, never);
    } catch {
      refuse(stream, "502 Bad Gateway");
      return;
    }
    tunnels += 1;
    far.on("error", () => stream.destroy());
    stream.on("error", () => far.destroy());
    stream.once("close", () => far.destroy());
    far.once("close", () => stream.destroy());
    stream.write(`HTTP/1.1 200 Connection established${HEAD_END}`);
    stream.pipe(far).pipe(stream);
  }

  function accept(stream: ByteStream): void {
    let head = "";
    stream.on("error", () => {});
    const hear = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes(HEAD_END) && head.length <= HEAD_BYTES_MAX) return;
      stream.off("data", hear);
      stream.pause();
      requests.push(head.slice(0, HEAD_BYTES_MAX));
      void serve(stream, head);
    };
    stream.on("data", hear);
  }

  const listener: Listener = await network.listen(target, accept);
  return {
    port: listener.port,
    requests,
    get tunnels() {
      return tunnels;
    },
    lie: (answer, after = "silence") => void (lie = answer === undefined ? undefined : { answer, after }),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
