import { defaultOf } from "../schema.ts";
import { Io, IoInput, IoRelay } from "../schema/io.ts";
import type { IoInput as InputSnapshot, IoRelay as RelaySnapshot, IoSnapshot } from "../snapshot/io.ts";

export function buildIo({ device, inputs = [], relay, leds = [] }: Io): IoSnapshot {
  return {
    device: device ?? defaultOf(Io.properties.device),
    inputs: inputs.map(buildInput),
    ...(relay === undefined ? {} : { relay: buildRelay(relay) }),
    leds,
  };
}

function buildInput({ name, line, ...input }: IoInput): InputSnapshot {
  const { role, invert, debounceMs } = IoInput.properties;
  return {
    name,
    role: input.role ?? defaultOf(role),
    line,
    invert: input.invert ?? defaultOf(invert),
    debounceMs: input.debounceMs ?? defaultOf(debounceMs),
  };
}

function buildRelay({ line, ...relay }: IoRelay): RelaySnapshot {
  const { failSafe, priority, untilAcknowledged } = IoRelay.properties;
  return {
    line,
    failSafe: relay.failSafe ?? defaultOf(failSafe),
    priority: relay.priority ?? defaultOf(priority),
    untilAcknowledged: relay.untilAcknowledged ?? defaultOf(untilAcknowledged),
  };
}
