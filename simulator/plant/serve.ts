import type { Clock } from "../../hal/clock.ts";
import type { Network } from "../../hal/network.ts";
import type { ModbusTcpServer, RtuServer } from "../modbus/index.ts";
import { serveRtu, serveTcp } from "../modbus/index.ts";
import type { Wire } from "../wire.ts";
import { STATION_LINE } from "./pumping-station.ts";
import type { PumpingStation } from "./pumping-station.ts";

/** The ports of the station's two sockets. */
export interface StationPorts {
  readonly flow: number;
  readonly panel: number;
}

export interface ServedStation extends AsyncDisposable {
  readonly ports: StationPorts;
  readonly line: RtuServer;
  readonly flow: ModbusTcpServer;
  readonly panel: ModbusTcpServer;
}

/** Puts the station's devices on a line and behind two sockets. Port 0 takes a free one. */
export async function servePumpingStation(
  station: PumpingStation,
  place: {
    readonly clock: Clock;
    readonly wire: Wire;
    readonly network: Network;
    readonly host: string;
    readonly ports: StationPorts;
  },
): Promise<ServedStation> {
  const { clock, wire, network, host, ports } = place;
  await using opening = new AsyncDisposableStack();
  const line = opening.use(serveRtu({ clock, wire, line: STATION_LINE, devices: station.rtu }));
  const target = (port: number) => ({ kind: "tcp", host, port }) as const;
  const flow = opening.use(await serveTcp({ clock, network, target: target(ports.flow), devices: station.tcp.flow }));
  const panel = opening.use(
    await serveTcp({ clock, network, target: target(ports.panel), devices: station.tcp.panel }),
  );
  const opened = opening.move();
  return {
    ports: { flow: flow.port, panel: panel.port },
    line,
    flow,
    panel,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
