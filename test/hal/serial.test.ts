import { virtualClock } from "../../simulator/clock.ts";
import { memorySerial } from "../../simulator/serial.ts";
import { keepsContract } from "./contract.ts";
import { usePty } from "./pty.ts";
import { serialContract } from "./serial.contract.ts";

keepsContract("linuxSerial on a pty", serialContract(usePty));

keepsContract(
  "memorySerial",
  serialContract((work) => {
    const clock = virtualClock();
    const serial = memorySerial(clock);
    const line = {
      path: "/dev/serial/by-id/usb-test-port0",
      baudRate: 9_600,
      parity: "even",
      dataBits: 8,
      stopBits: 1,
    } as const;
    return work({
      serial,
      line,
      wire: serial.wire(line.path, line),
      vanish: () => serial.vanish(line.path),
      restore: () => serial.restore(line.path),
      until: (condition) => clock.advanceUntil(condition, 10_000),
      pass: () => clock.advance(50),
    });
  }),
);
