import { virtualClock } from "../../simulator/clock.ts";
import { memoryDigitalIo } from "../../simulator/digital-io.ts";
import { memoryDatagrams } from "../../simulator/datagram.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import type { MemoryNetworkOptions } from "../../simulator/network.ts";
import { memorySerial } from "../../simulator/serial.ts";
import { cellContract } from "./cell.contract.ts";
import { clockContract } from "./clock.contract.ts";
import { keepsContract } from "./contract.ts";
import { digitalInputContract, digitalOutputContract } from "./digital-io.contract.ts";
import type { DigitalIoUnderTest } from "./digital-io.contract.ts";
import { datagramContract } from "./datagram.contract.ts";
import { diskContract } from "./disk.contract.ts";
import { entropyContract } from "./entropy.contract.ts";
import { networkContract } from "./network.contract.ts";
import { testPki } from "./pki.ts";
import { serialContract } from "./serial.contract.ts";
import { tlsContract } from "./tls.contract.ts";

const pki = testPki();

keepsContract(
  "virtualClock",
  clockContract(() => {
    const clock = virtualClock();
    return { clock, until: (condition) => clock.advanceUntil(condition, 10_000) };
  }),
);
keepsContract(
  "seededEntropy",
  entropyContract(() => seededEntropy(42)),
);
keepsContract(
  "memoryDisk",
  diskContract((work) => work(memoryDisk())),
);
keepsContract(
  "cell on memoryDisk",
  cellContract((work) => work(memoryDisk())),
);
const housing = (work: (under: DigitalIoUnderTest) => Promise<void>): Promise<void> => {
  const clock = virtualClock();
  const io = memoryDigitalIo(["gpio:17"]);
  return work({
    io,
    line: "gpio:17",
    drive: (high) => io.drive("gpio:17", high),
    level: () => io.levelOf("gpio:17"),
    fail: () => io.fail("gpio:17"),
    until: (condition) => clock.advanceUntil(condition, 10_000),
    pass: () => clock.advance(300),
  });
};
keepsContract("memoryDigitalIo, inputs", digitalInputContract(housing));
keepsContract("memoryDigitalIo, outputs", digitalOutputContract(housing));
keepsContract(
  "memorySerial",
  serialContract((work) => {
    const clock = virtualClock();
    const serial = memorySerial(clock);
    const path = "/dev/serial/by-id/usb-test-port0";
    const line = { path, baudRate: 9_600, parity: "even", dataBits: 8, stopBits: 1 } as const;
    return work({
      serial,
      line,
      wire: serial.wire(path, line),
      vanish: () => serial.vanish(path),
      restore: () => serial.restore(path),
      until: (condition) => clock.advanceUntil(condition, 10_000),
      pass: () => clock.advance(50),
    });
  }),
);
keepsContract(
  "memoryDatagrams",
  datagramContract(async (work) => {
    const clock = virtualClock();
    const datagrams = memoryDatagrams(clock, seededEntropy(1));
    const echo = { host: "echo.test", port: 162 };
    using _served = datagrams.serve(echo.host, echo.port, (bytes, reply) =>
      reply(Buffer.concat([Buffer.from("echo "), bytes])),
    );
    await work({
      datagrams,
      echo,
      nobody: { host: "echo.test", port: 163 },
      until: async (condition) => {
        await clock.advance(1);
        await clock.advanceUntil(condition, 10_000);
      },
    });
  }),
);
for (const [how, options] of Object.entries<MemoryNetworkOptions>({
  "": {},
  " that splits what it carries": { segmentBytes: 1_021 },
})) {
  const network = () => memoryNetwork(virtualClock(), options);
  keepsContract(
    `memoryNetwork${how}`,
    networkContract((work) => work({ network: network(), socketPath: "/run/holdfast/pair.sock" })),
  );
  keepsContract(`TLS over memoryNetwork${how}`, tlsContract(network, pki));
}
