import { join } from "node:path";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDisk } from "../../hal/linux/disk.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { cellContract } from "./cell.contract.ts";
import { clockContract } from "./clock.contract.ts";
import type { ContractCase } from "./contract.ts";
import { digitalInputContract, digitalOutputContract } from "./digital-io.contract.ts";
import { datagramContract } from "./datagram.contract.ts";
import { diskContract } from "./disk.contract.ts";
import { useEchoPeer } from "./echo-peer.ts";
import { entropyContract } from "./entropy.contract.ts";
import { useFolder } from "./folder.ts";
import { CARRIER_INPUT, GPIO_INPUT, GPIO_OUTPUT, KEY_INPUT, LED_OUTPUT, useHousing } from "./housing-folder.ts";
import { networkContract } from "./network.contract.ts";
import { usePty } from "./pty.ts";
import { really } from "./real-time.ts";
import { serialContract } from "./serial.contract.ts";
import { tlsContract } from "./tls.contract.ts";
import type { TlsPki } from "./tls.contract.ts";

/** What the drivers promise, by driver: run here and again under the flags of the product's processes. */
export function driverContracts(pki: TlsPki): Readonly<Record<string, readonly ContractCase[]>> {
  return {
    linuxClock: clockContract(() => ({ clock: linuxClock(), until: really })),
    linuxEntropy: entropyContract(linuxEntropy),
    linuxDisk: diskContract((work) => useFolder((folder) => work(linuxDisk(folder)))),
    "cell on linuxDisk": cellContract((work) => useFolder((folder) => work(linuxDisk(folder)))),
    linuxNetwork: networkContract((work) =>
      useFolder((folder) => work({ network: linuxNetwork(), socketPath: join(folder, "pair.sock") })),
    ),
    linuxDatagrams: datagramContract(useEchoPeer),
    "TLS over linuxNetwork": tlsContract(linuxNetwork, pki),
    "linuxDigitalIo, gpio inputs": digitalInputContract(useHousing(GPIO_INPUT)),
    "linuxDigitalIo, gpio outputs": digitalOutputContract(useHousing(GPIO_OUTPUT)),
    "linuxDigitalIo, keys": digitalInputContract(useHousing(KEY_INPUT), false),
    "linuxDigitalIo, carriers": digitalInputContract(useHousing(CARRIER_INPUT)),
    "linuxDigitalIo, lamps": digitalOutputContract(useHousing(LED_OUTPUT)),
    "linuxSerial on a pty": serialContract(usePty),
  };
}
