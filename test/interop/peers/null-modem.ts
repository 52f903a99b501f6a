import type { Clock } from "../../../hal/clock.ts";
import { openPty } from "../../../simulator/pty.ts";
import type { SerialSettings } from "./libmodbus.ts";

/** Two serial ports of this machine joined by a cable, paced by the baud rate: for peers that want a tty of their own. */
export interface NullModem extends AsyncDisposable {
  readonly near: string;
  readonly far: string;
}

export async function nullModem(clock: Clock, settings: Omit<SerialSettings, "path">): Promise<NullModem> {
  await using opening = new AsyncDisposableStack();
  const near = opening.use(await openPty({ clock }));
  const far = opening.use(await openPty({ clock }));
  const left = near.wire({ dataBits: 8, ...settings });
  const right = far.wire({ dataBits: 8, ...settings });
  left.receive((chunk) => right.send(chunk));
  right.receive((chunk) => left.send(chunk));
  const held = opening.move();
  return { near: near.path, far: far.path, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
