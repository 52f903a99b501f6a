import type { Path } from "../findings.ts";
import type { BusSnapshot } from "../snapshot.ts";
import { busLoad } from "../timing/load.ts";
import { checkClearOnRead } from "./clear-on-read.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkRequestLimits } from "./requests.ts";

/** A lower bound: nobody can know how long devices take to answer. */
const AT_ONCE_MS = 0;
/** Share of the line's time that polling may plan with: devices need time to answer, and some ask twice. */
const COMFORTABLE_LOAD = 0.8;

/** What a right bus adds up to: it must be possible in the time there is, if every device answered at once. */
export function checkBudget(bus: BusSnapshot, path: Path, inquiry: Inquiry): void {
  const { transport } = bus;
  for (const [d, device] of bus.devices.entries()) {
    checkRequestLimits(device, [...path, "devices", d], inquiry);
    checkClearOnRead(device, [...path, "devices", d], inquiry);
  }
  const load = busLoad(bus, AT_ONCE_MS).percent / 100;
  if (load <= 1 || bus.listenOnly === true) return;
  const where = transport.kind === "serial" ? `${transport.baudRate} baud` : "one socket";
  const message = `polling needs ${Math.ceil(load * 100)} % of the time there is at ${where}, even if every device answers at once`;
  const slower = Math.ceil((load / COMFORTABLE_LOAD) * 10) / 10;
  const serial = transport.kind === "serial" ? ", a higher baudRate" : "";
  const hint = `multiply pollMs by ${slower}, let more be read together with \`requests\`${serial}, or divide the devices between several buses`;
  inquiry.say("CONFIG_POLL_IMPOSSIBLE", [...path, "devices"], message, hint, "key");
}
