import assert from "node:assert/strict";
import type { Datagrams, DatagramSocket } from "../../hal/datagram.ts";
import type { ContractCase } from "./contract.ts";

export interface DatagramsUnderTest {
  readonly datagrams: Datagrams;
  /** somebody who sends back each datagram, behind the text `echo ` */
  readonly echo: { readonly host: string; readonly port: number };
  /** a port where nobody is */
  readonly nobody: { readonly host: string; readonly port: number };
  until(condition: () => boolean): Promise<void>;
  /** Somebody else sends to the socket that spoke to `echo` last; undefined where nobody else can. */
  readonly intrude?: (text: string) => Promise<void>;
}

const never = (): AbortSignal => new AbortController().signal;

export function datagramContract(
  use: (work: (under: DatagramsUnderTest) => Promise<void>) => Promise<void>,
): ContractCase[] {
  const contractCase = (name: string, work: (under: DatagramsUnderTest) => Promise<void>): ContractCase => ({
    name,
    run: () => use(work),
  });
  return [
    contractCase("datagrams arrive whole, and so do their answers", async ({ datagrams, echo, until }) => {
      const heard: string[] = [];
      await using socket = await datagrams.open(echo, (bytes) => heard.push(Buffer.from(bytes).toString()), never());
      await socket.send(Buffer.from("one"));
      await until(() => heard.length === 1);
      await socket.send(Buffer.alloc(1_400, "x"));
      await until(() => heard.length === 2);
      assert.deepEqual(heard, ["echo one", `echo ${"x".repeat(1_400)}`]);
    }),
    contractCase("what strangers send is not heard", async ({ datagrams, echo, until, intrude }) => {
      const heard: string[] = [];
      await using socket = await datagrams.open(echo, (bytes) => heard.push(Buffer.from(bytes).toString()), never());
      await socket.send(Buffer.from("first"));
      await until(() => heard.length === 1);
      await intrude?.("from a stranger");
      await socket.send(Buffer.from("second"));
      await until(() => heard.length === 2);
      assert.deepEqual(heard, ["echo first", "echo second"]);
    }),
    contractCase("where nobody is, a later send says so", async ({ datagrams, nobody, until }) => {
      await using socket = await datagrams.open(nobody, () => {}, never());
      let code: unknown;
      for (let i = 0; i < 10 && code === undefined; i++) {
        code = await codeOf(socket, "anybody?");
        let turns = 0;
        await until(() => turns++ > 2).catch(() => {});
      }
      assert.equal(code, "HAL_CONNECT_REFUSED");
    }),
    contractCase("a socket that is closed sends nothing and hears nothing", async ({ datagrams, echo }) => {
      const socket = await datagrams.open(echo, () => {}, never());
      await socket[Symbol.asyncDispose]();
      await socket[Symbol.asyncDispose]();
      assert.equal(await codeOf(socket, "late"), "HAL_PORT_CLOSED");
    }),
    contractCase("who gave up before it began gets no socket", async ({ datagrams, echo }) => {
      const over = AbortSignal.abort(new Error("given up"));
      await assert.rejects(
        datagrams.open(echo, () => {}, over),
        /given up/,
      );
    }),
  ];
}

async function codeOf(socket: DatagramSocket, text: string): Promise<unknown> {
  try {
    await socket.send(Buffer.from(text));
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}
