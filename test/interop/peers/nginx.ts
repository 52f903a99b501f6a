import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Credentials } from "./mosquitto.ts";

export interface NginxOptions {
  /** for its configuration and logs; the caller's to remove */
  readonly folder: string;
  readonly credentials: Credentials;
  /** of a WebSocket server without TLS on this machine, to which `/mqtt` leads */
  readonly upstreamPort: number;
  /** default: any that is free */
  readonly port?: number;
  /** nginx's own words; default `ssl_protocols TLSv1.3;`, which it does not speak by itself before 1.23.4 */
  readonly tls?: string;
}

/** A real web server that ends TLS, wants a client certificate and passes WebSocket on. */
export interface Nginx extends AsyncDisposable {
  readonly port: number;
}

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const port = options.port ?? (await freePort());
  const folder = join(options.folder, `nginx-${port}`);
  await mkdir(folder);
  const configPath = join(folder, "nginx.conf");
  await writeFile(configPath, configuration(options, folder, port));
  const child = startChild("nginx", ["-c", configPath, "-p", folder, "-e", "stderr"]);
  await child.line(/start worker process \d+/);
  return {
    port,
    async [Symbol.asyncDispose]() {
      await child.stop("SIGQUIT");
    },
  };
}

function configuration(
  { credentials, upstreamPort, tls = "ssl_protocols TLSv1.3;" }: NginxOptions,
  folder: string,
  port: number,
): string {
  const { anchorsPath, certificatePath, keyPath } = credentials;
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
    ssl_certificate ${certificatePath};
    ssl_certificate_key ${keyPath};
    ssl_client_certificate ${anchorsPath};
    ssl_verify_client on;
    ${tls}
    location / { return 404; }
    location /page { default_type text/html; return 200 "<html>It works!</html>"; }
    location /mqtt {
      proxy_pass http://127.0.0.1:${upstreamPort};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
    }
  }
}
`;
}
