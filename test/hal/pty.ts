import { join } from "node:path";
import { sleep } from "../../hal/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxSerial } from "../../hal/linux/serial.ts";
import { openPty } from "../../simulator/pty.ts";
import { useFolder } from "./folder.ts";
import { really } from "./real-time.ts";
import type { SerialUnderTest } from "./serial.contract.ts";

/** A real serial driver on a pseudo terminal behind a stable link, as `/dev/serial/by-id` gives one. */
export function usePty(work: (under: SerialUnderTest) => Promise<void>): Promise<void> {
  return useFolder(async (folder) => {
    const clock = linuxClock();
    // The permission model allows links to those alone who may read and write everything.
    const mayLink = !process.execArgv.includes("--permission");
    await using pty = await openPty({ clock, ...(mayLink ? { linkPath: join(folder, "usb-test-port0") } : {}) });
    const line = {
      get path() {
        return pty.path; // without a link it changes when the port comes back
      },
      baudRate: 115_200,
      parity: "none",
      dataBits: 8,
      stopBits: 1,
    } as const;
    await work({
      serial: linuxSerial(),
      line,
      wire: pty.wire(line),
      vanish: () => pty.vanish(),
      restore: () => pty.restore(),
      until: really,
      pass: () => sleep(clock, 50),
    });
  });
}
