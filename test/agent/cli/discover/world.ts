import { memoryDoor } from "../../../../agent/contract/door.ts";
import { discoverCommand } from "../../../../agent/cli/discover/command.ts";
import type { Dialer } from "../../../../agent/contract/door.ts";
import { rtuMaster, serveRtu } from "../../../../simulator/modbus/index.ts";
import type { ModbusDevice, RtuMaster } from "../../../../simulator/modbus/index.ts";
import { sharedWire } from "../../../../simulator/shared-wire.ts";
import { rtu } from "../../field/snapshots.ts";
import { busWorld } from "../../field/world.ts";

/** `holdfast discover` in virtual time, on a line that others may share. */
export function discoverWorld(dialer: Dialer = memoryDoor().dialer) {
  const world = busWorld();
  const { clock, network, serial } = world;
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  return {
    ...world,
    out,
    err,
    stop,
    shared(devices: readonly ModbusDevice[]): RtuMaster {
      const line = rtu();
      const pair = sharedWire(clock, serial.wire(line.path, line), line);
      serveRtu({ clock, wire: pair.end(), line, devices });
      return rtuMaster({ clock, wire: pair.end(), line });
    },
    run: (...args: readonly string[]) =>
      discoverCommand(
        args,
        {
          clock,
          network,
          serial: () => Promise.resolve(serial),
          dialControl: () => dialer,
          defaultControlPath: "/run/holdfast/control",
          realPath: (path) => Promise.resolve(path.replace("/dev/serial/by-id/adapter", "/dev/ttyS0")),
          stop: stop.signal,
        },
        { out: (text) => void out.push(text), err: (text) => void err.push(text), isTty: false, columns: 80 },
      ),
    /** Runs to its end. @returns exit code and virtual milliseconds */
    async finish(...args: readonly string[]): Promise<{ readonly code: number; readonly tookMs: number }> {
      const begunMs = clock.monotonicMs();
      let code: number | undefined;
      const running = this.run(...args).then((said) => (code = said));
      await clock.advanceUntil(() => code !== undefined, 600_000);
      return { code: await running, tookMs: clock.monotonicMs() - begunMs };
    },
    /** What left the gateway, byte by byte. */
    sent: () => serial.trace(rtu().path).filter(({ direction }) => direction === "out"),
  };
}
