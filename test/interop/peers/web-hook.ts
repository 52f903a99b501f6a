import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { mkdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Credentials } from "./mosquitto.ts";

export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real web server: nginx ends TLS, and passes on to a backend that notes every POST. */
export interface WebHook extends AsyncDisposable {
  readonly port: number;
  readonly posted: readonly Posted[];
  /** what the backend answers from now on */
  answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWebHook(folder: string, credentials: Credentials): Promise<WebHook> {
  const posted: Posted[] = [];
  const hook = { answer: { status: 204 } as WebHook["answer"] };
  const backend = createServer((asked, answer) => {
    void asked.toArray().then((chunks) => {
      posted.push({
        path: asked.url ?? "",
        headers: asked.headers,
        body: Buffer.concat(chunks as Buffer[]).toString("utf8"),
      });
      answer.writeHead(hook.answer.status, hook.answer.headers).end("noted");
    });
  });
  backend.listen(0, "127.0.0.1");
  await once(backend, "listening");
  const port = await freePort();
  const own = join(folder, "web-hook");
  await mkdir(own);
  const configPath = join(own, "nginx.conf");
  await writeFile(configPath, configuration(own, port, (backend.address() as AddressInfo).port, credentials));
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = startChild("nginx", ["-c", configPath, "-p", own, "-e", "stderr"]);
    await child.line(/start worker process \d+/);
  };
  const stop = async (): Promise<void> => {
    await child?.stop("SIGTERM");
    child = undefined;
  };
  await start();
  return Object.assign(hook, {
    port,
    posted,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      backend.closeAllConnections();
      await new Promise((resolve) => backend.close(resolve));
    },
  });
}

function configuration(folder: string, port: number, backendPort: number, credentials: Credentials): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join("\n  ");
  const { uid, username } = userInfo();
  return `daemon off;
worker_processes 1;
${uid === 0 ? `user ${username};` : ""}
pid ${folder}/pid;
error_log stderr notice;
events { worker_connections 64; }
http {
  ${temporary}
  access_log off;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate ${credentials.certificatePath};
    ssl_certificate_key ${credentials.keyPath};
    location / { proxy_pass http://127.0.0.1:${backendPort}; }
  }
}
`;
}
