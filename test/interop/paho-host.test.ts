import { expect, test } from "vitest";
import { startGateway } from "../processes/harness/gateway.ts";
import { startPahoHost } from "./paho/host.ts";
import type { FileBus } from "./peers/gateway-file.ts";
import { ACL, EDGE, openWorks, worksFile } from "./peers/works.ts";
import type { Works } from "./peers/works.ts";
import { requires } from "./requires.ts";

const HOST_ID = "scada";
/** more than once round seq */
const MESSAGES_WANTED = 300;
const TEST_MS = 60_000;
const HOST_ACL = `${ACL}
user ${HOST_ID}
topic readwrite spBv1.0/STATE/${HOST_ID}
topic readwrite spBv1.0/${EDGE.group}/#
`;

function buses(works: Works): readonly FileBus[] {
  const points = [
    { name: "flow", table: "input-register", address: 0, type: "float32" },
    { name: "offset", table: "holding-register", address: 7, type: "int16" },
    { name: "ticks", table: "holding-register", address: 0, heartbeatMs: 1 },
  ] as const;
  return [
    {
      name: "socket",
      tcp: { host: "127.0.0.1", port: works.device.port },
      devices: [1, 2, 3].map((unit) => ({ name: `meter-${unit}`, unit, pollMs: 50, points })),
    },
  ];
}

requires(
  "gcc",
  "libmodbus",
  "mosquitto",
  "paho",
)("A primary host on paho-mqtt", () => {
  test.each(["3.1.1", "5"] as const)(
    "over MQTT %s it is waited for, understands every message, and sees the gateway leave and come back with it",
    { timeout: TEST_MS },
    async (mqtt) => {
      await using works = await openWorks();
      await works.broker.setAcl(HOST_ACL);
      await works.device.put("float32", "abcd", "input-register", 0, 21.5);
      await works.device.set("holding-register", 7, 0x1_0000 - 17);
      const file = worksFile(works, buses(works));
      const uplink = { ...file.uplink, sparkplug: { primaryHost: HOST_ID } };
      await using gateway = await startGateway(works.folder, { ...file, uplink });
      await gateway.until(
        "connected, and every device has answered",
        (status) =>
          status.uplink?.state === "waiting-for-host" &&
          status.field?.buses.every(({ devices }) => devices.every(({ online }) => online)) === true,
      );

      const credentials = await works.site.client(HOST_ID);
      await using host = await startPahoHost({ port: works.broker.port, credentials, edge: EDGE, id: HOST_ID, mqtt });
      expect(host.heard).toEqual([]);
      host.say("online");
      const born = await host.until(
        "data",
        (heard) => heard.filter(({ verb }) => verb === "DDATA").length > MESSAGES_WANTED,
      );
      expect(born.slice(0, 4).map(({ verb }) => verb)).toEqual(["NBIRTH", "DBIRTH", "DBIRTH", "DBIRTH"]);
      const values = Object.assign({}, ...born.map((one) => one.values)) as Record<string, unknown>;
      expect(values).toMatchObject({ flow: 21.5, offset: -17 });

      host.say("rebirth");
      const reborn = await host.until(
        "a rebirth",
        (heard) => heard.filter(({ verb }) => verb === "NBIRTH").length === 2,
      );
      const first = reborn[0]?.bdSeq ?? Number.NaN;
      expect(reborn.findLast(({ verb }) => verb === "NBIRTH")?.bdSeq).toBe(first);

      host.say("offline");
      const left = await host.until("the death", (heard) => heard.at(-1)?.verb === "NDEATH");
      expect(left.at(-1)?.bdSeq).toBe(first);
      const quiet = left.length;
      host.say("online");
      const back = await host.until("data again", (heard) => heard.slice(quiet).some(({ verb }) => verb === "DDATA"));
      // over MQTT 5 the broker says the Will after the goodbye, as Sparkplug wants it: the same death twice
      expect(back.slice(quiet).find(({ verb }) => verb !== "NDEATH")).toMatchObject({
        verb: "NBIRTH",
        seq: 0,
        bdSeq: (first + 1) % 256,
      });
      expect(host.breaches).toEqual([]);
    },
  );
});
