import { isIP } from "node:net";
import { blockText, networkOf, parseBlock } from "../../contract/address-block.ts";
import type { Path } from "../findings.ts";
import { hostHint } from "../host.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import type { ModbusServer } from "../schema/modbus-server.ts";
import { checkEntries } from "./modbus-entry.ts";
import type { Inquiry } from "./inquiry.ts";

const CODE = "CONFIG_MODBUS_SERVER";
const PATH = ["modbusServer"] as const;
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** Who may read, from where, what: where any of it is in doubt, there is no server. */
export function checkModbusServer({ modbusServer }: Loose<GatewayFile>, inquiry: Inquiry): void {
  if (modbusServer === undefined) return;
  checkHost(modbusServer, inquiry);
  for (const [i, client] of (modbusServer.clients ?? []).entries())
    if (client !== undefined) checkClient(client, [...PATH, "clients", i], inquiry);
  checkEntries(modbusServer.entries ?? [], [...PATH, "entries"], inquiry);
}

function checkHost({ host, anyInterface = false }: Loose<ModbusServer>, inquiry: Inquiry): void {
  if (host === undefined) return;
  const path: Path = [...PATH, "host"];
  if (isIP(host) === 0) {
    const hint = host.includes(".")
      ? hostHint(host)
      : "write the address of one network interface: see `ip -brief address`";
    inquiry.say("CONFIG_HOST", path, `${quote(host)} is no address to listen at`, hint);
  } else if (EVERYWHERE.has(host) && !anyInterface) {
    const message = `${quote(host)} is every network there is, and Modbus asks nobody who they are`;
    const hint = "write the address of the one interface where the clients are, or add `anyInterface: true`";
    inquiry.say(CODE, path, message, hint);
  } else if (!EVERYWHERE.has(host) && anyInterface) {
    const message = `"anyInterface" has no effect with the address ${quote(host)}`;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...PATH, "anyInterface"], message, "delete the line", "key");
  }
}

function checkClient(client: string, path: Path, inquiry: Inquiry): void {
  const block = parseBlock(client);
  if (block === undefined) {
    const hint = "write an address such as 192.0.2.7, or a network such as 192.0.2.0/24";
    inquiry.say(CODE, path, `${quote(client)} is neither an address nor a network`, hint);
    return;
  }
  if (block.prefix === 0) {
    const hint = "name the addresses of the clients, or the network that they are in";
    inquiry.say(CODE, path, `${quote(client)} is everybody`, hint);
    return;
  }
  const network = networkOf(block);
  if (network.bytes.every((byte, i) => byte === block.bytes[i])) return;
  const [address = ""] = client.split("/");
  const hint = `write ${quote(blockText(network))} for the network, or ${quote(address)} for this address alone`;
  inquiry.say(CODE, path, `${quote(client)} is an address within a network, and not its beginning`, hint);
}
