import type { CommandIo } from "../../../agent/cli/io.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import { decodeControlRequest } from "../../../agent/contract/decode.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { ControlReply, ControlRequest } from "../../../agent/contract/rooms.ts";
import { virtualClock } from "../../../simulator/clock.ts";

/** The control socket of a gateway that answers as it is told to; undefined: never. */
export async function standInKeeper(answer: (request: ControlRequest) => ControlReply | undefined) {
  const { door, dialer } = memoryDoor();
  const heard: ControlRequest[] = [];
  const serving = await door.serve((stream) => {
    const channel = openChannel<ControlRequest, ControlReply>(stream, decodeControlRequest, (request) => {
      heard.push(request);
      const reply = answer(request);
      if (reply !== undefined) channel.send(reply);
    });
  });
  const clock = virtualClock();
  return {
    clock,
    heard,
    parts: { clock, dialControl: () => dialer, defaultControlPath: "/run/holdfast/control/socket", env: {} },
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}

/** A terminal that keeps what is printed. */
export function printed() {
  const said = { out: "", err: "" };
  const io: CommandIo = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTty: false,
    columns: 120,
  };
  return { io, said };
}
