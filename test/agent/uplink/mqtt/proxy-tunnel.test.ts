import { afterAll, beforeAll, expect, test } from "vitest";
import type { Network } from "../../../../hal/network.ts";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { openBroker } from "../../../../simulator/broker/index.ts";
import type { Access } from "../../../../simulator/broker/index.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { openProxy } from "../../../../simulator/proxy.ts";
import type { ProxyOptions } from "../../../../simulator/proxy.ts";
import { gatewayMaterial, pki, virtualTime } from "../world.ts";
import { HOST, PORT, dial } from "./dial.ts";

const clock = virtualClock();
let globals: Disposable;
const material = pki.broker(HOST);
const stranger = demoPki({ organisation: "Portal Inc" }).broker(HOST);
const everything: Access = { publish: ["#"], subscribe: ["#"] };
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const PROXY = { host: "proxy.test", port: 3128 } as const;

async function stand(options: Omit<ProxyOptions, "network" | "target"> = {}) {
  const network = memoryNetwork(clock);
  const broker = await openBroker({
    clock,
    network,
    target: { kind: "tcp", host: HOST, port: PORT },
    material,
    access: () => everything,
  });
  const proxy = await openProxy({ network, target: { kind: "tcp", ...PROXY }, ...options });
  return {
    network,
    broker,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

test("through a proxy the broker is reached by its name, and TLS ends at the broker", async () => {
  await using s = await stand();
  const { connection, begun } = await dial(clock, s.network, { proxy: PROXY });
  expect(begun).toEqual(["tcp", "proxy", "tls", "mqtt"]);
  expect(connection?.tls).toEqual({ version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "X25519MLKEM768" });
  expect(s.proxy.tunnels).toBe(1);
  expect(s.proxy.requests).toEqual([`CONNECT ${HOST}:${PORT} HTTP/1.1\r\nHost: ${HOST}:${PORT}\r\n\r\n`]);
  expect(s.broker.clients()).toEqual([{ identity: "gw-1", clientId: "gw-1" }]);
  connection?.publishAcknowledged("a", Buffer.from("b"), false, () => {});
  await clock.advance(10);
  expect(s.broker.record.kept.map(({ topic }) => topic)).toEqual(["a"]);
});

test("a proxy that wants a user name and password gets them, and no error repeats the password", async () => {
  await using s = await stand({ login: "gateway:tide & rope" });
  const proxy = { ...PROXY, username: "gateway" };
  const right = await dial(clock, s.network, { proxy }, { ...gatewayMaterial, proxyPassword: "tide & rope" });
  expect(right.connection).toBeDefined();
  const wrong = await dial(clock, s.network, { proxy }, { ...gatewayMaterial, proxyPassword: "hunter2" });
  expect(wrong).toMatchObject({ code: "UPLINK_PROXY_CREDENTIAL_REFUSED", begun: ["tcp", "proxy"] });
  expect(wrong.message).toContain("does not take the user name and password; check uplink.broker.proxy.username");
  expect(wrong.message).not.toContain("hunter2");
  const none = await dial(clock, s.network, { proxy: PROXY });
  expect(none.message).toContain("the proxy wants a user name and password");
});

test("a proxy that repeats what it was told does not bring the password into a log", async () => {
  await using s = await stand();
  const proxy = { ...PROXY, username: "gateway" };
  const login = Buffer.from("gateway:hunter2").toString("base64");
  for (const status of ["403", "503", "407", "302"]) {
    s.proxy.lie(`HTTP/1.1 ${status} no gateway:hunter2 by Basic ${login}\r\nContent-Length: 0\r\n\r\n`, "close");
    const told = await dial(clock, s.network, { proxy }, { ...gatewayMaterial, proxyPassword: "hunter2" });
    expect(told.code).toMatch(/^UPLINK_PROXY_/);
    expect(told.message).not.toContain("hunter2");
    expect(told.message).not.toContain(login);
  }
});

test("a port that the proxy's rules forbid is told as that", async () => {
  await using s = await stand({ ports: [443] });
  const told = await dial(clock, s.network, { proxy: PROXY });
  expect(told.code).toBe("UPLINK_PROXY_REFUSED");
  expect(told.message).toContain('answered 403 "Forbidden" to CONNECT broker.test:8883');
});

test("a broker that the proxy does not reach is told as that, whether name or host", async () => {
  await using s = await stand();
  const told = await dial(clock, s.network, { proxy: PROXY, host: "nowhere.test" });
  expect(told.code).toBe("UPLINK_PROXY_NO_WAY_ON");
  expect(told.message).toContain('502 "Bad Gateway": it did not reach nowhere.test:8883');
});

test("a proxy that is not there is not taken for a broker that is not there", async () => {
  await using s = await stand();
  const told = await dial(clock, s.network, { proxy: { host: "proxy.test", port: 1 } });
  expect(told.code).toBe("UPLINK_PROXY_AWAY");
  s.network.blackhole("proxy.test", 3128);
  expect((await dial(clock, s.network, { proxy: PROXY })).code).toBe("UPLINK_TCP_TIMEOUT");
});

const HTML = "<html><body>Welcome to the hotel</body></html>";
const OTHER_SCHEMES =
  'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Digest realm="a, Basic b", nonce="x", qop="auth,auth-int"\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n';

test.each<[string, string, "close" | "silence", string, string]>([
  ["a proxy of other schemes", OTHER_SCHEMES, "close", "UPLINK_PROXY_SCHEME", "wants Negotiate, Digest, NTLM;"],
  [
    "a captive portal that says 200 and sends its page",
    `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${HTML.length}\r\n\r\n${HTML}`,
    "close",
    "UPLINK_PROXY_NO_TUNNEL",
    "but then spoke itself, as a captive portal",
  ],
  [
    "a captive portal that redirects",
    "HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n",
    "close",
    "UPLINK_PROXY_NO_TUNNEL",
    "redirection",
  ],
  [
    "a wrong password, as tinyproxy puts it,",
    "HTTP/1.0 401 Unauthorized\r\n\r\n",
    "close",
    "UPLINK_PROXY_CREDENTIAL_REFUSED",
    "",
  ],
  [
    "a broker that is not reached, as tinyproxy puts it,",
    "HTTP/1.0 500 Unable to connect\r\n\r\n",
    "close",
    "UPLINK_PROXY_NO_WAY_ON",
    "",
  ],
  ["garbage", "SSH-2.0-OpenSSH_9.2\r\n", "silence", "UPLINK_PROXY_NO_TUNNEL", "does not speak HTTP"],
  [
    "headers without end",
    `HTTP/1.1 200 OK\r\n${"X-Filler: yes\r\n".repeat(2_000)}`,
    "silence",
    "UPLINK_PROXY_NO_TUNNEL",
    "bytes of headers",
  ],
  ["silence", "", "silence", "UPLINK_PROXY_TIMEOUT", "nothing came of it in 5000 ms"],
  ["half an answer", "HTTP/1.1 200 Conn", "silence", "UPLINK_PROXY_TIMEOUT", "nothing came of it"],
  ["a closed door", "", "close", "UPLINK_PROXY_CLOSED", "closed the connection instead of answering"],
  ["an overloaded proxy", "HTTP/1.1 503 Busy\r\n\r\n", "close", "UPLINK_PROXY_NO_WAY_ON", '503 "Busy"'],
  [
    "a tunnel to nobody",
    "HTTP/1.1 200 Connection established\r\n\r\n",
    "silence",
    "UPLINK_TLS_TIMEOUT",
    "nothing came of it",
  ],
  ["words meant for a terminal", "HTTP/1.1 403 \x1b[2Jall \u0085 good\r\n\r\n", "close", "UPLINK_PROXY_", ""],
])("%s instead of a tunnel is refused by its code", async (_what, answer, then, code, hint) => {
  await using s = await stand();
  s.proxy.lie(answer, then);
  const told = await dial(clock, s.network, { proxy: PROXY });
  expect(told.code).toMatch(new RegExp(`^${code}`));
  expect(told.message).toContain(hint);
  expect(told.message).not.toMatch(/[\p{Cc}]/u);
  s.proxy.lie(undefined);
  expect((await dial(clock, s.network, { proxy: PROXY })).connection).toBeDefined();
});

test("a proxy that opens TLS itself is not trusted, whatever name its certificate has", async () => {
  const network = memoryNetwork(clock);
  const target = { kind: "tcp", host: "middle.test", port: PORT } as const;
  await using _middle = await openBroker({ clock, network, target, material: stranger, access: () => everything });
  const toTheMiddle: Network = { ...network, connect: (_target, signal) => network.connect(target, signal) };
  await using _proxy = await openProxy({ network: toTheMiddle, target: { kind: "tcp", ...PROXY } });
  const told = await dial(clock, network, { proxy: PROXY });
  expect(told).toMatchObject({ code: "UPLINK_BROKER_UNTRUSTED", begun: ["tcp", "proxy", "tls"] });
  expect(told.message).toContain('shown by "O=Portal Inc, CN=broker.test", issued by "O=Portal Inc, CN=Demo CA"');
  expect(told.message).toContain("whether a proxy or a captive portal answers in its place");
});

test("bytes that come out of the tunnel and are no TLS are laid at the proxy's door", async () => {
  const network = memoryNetwork(clock);
  await using _web = await network.listen({ kind: "tcp", host: HOST, port: PORT }, (stream) => {
    stream.once("data", () => stream.end(`HTTP/1.1 200 OK\r\n\r\n${HTML}`));
  });
  await using _proxy = await openProxy({ network, target: { kind: "tcp", ...PROXY } });
  expect((await dial(clock, network, { proxy: PROXY })).code).toBe("UPLINK_PROXY_NO_TUNNEL");
  expect((await dial(clock, network)).code).toBe("HAL_TLS_FAILED");
});
