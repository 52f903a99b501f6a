import type { IoInput, IoSnapshot } from "../../config/snapshot/io.ts";
import type { IoStatus } from "../../contract/io.ts";
import type { StandingAlarms } from "../alarms/standing.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import { DrivenOutput } from "./driven-output.ts";
import type { DrivenOutputParts } from "./driven-output.ts";
import { Input } from "./input.ts";
import { Lamps } from "./lamps.ts";
import { relayAlarm, relayLevel } from "./relay.ts";

export interface WiredParts extends DrivenOutputParts {
  readonly alarms: SystemAlarms;
  readonly standing: StandingAlarms;
  /** whether a broker takes telemetry now */
  readonly online: boolean;
  /** the value of an input is another; null: it cannot be read */
  readonly told: (index: number, value: boolean | null) => void;
}

/** The lines of one configuration, opened. */
export class Wired {
  readonly #io: IoSnapshot;
  readonly #parts: WiredParts;
  readonly #inputs: readonly Input[];
  readonly #relay: DrivenOutput | undefined;
  readonly #lamps: Lamps;
  readonly #watch: Disposable;
  #alarm = false;

  constructor(io: IoSnapshot, parts: WiredParts) {
    this.#io = io;
    this.#parts = parts;
    this.#relay = io.relay === undefined ? undefined : new DrivenOutput(parts, io.relay.line);
    this.#lamps = new Lamps(parts, io.leds);
    this.#lamps.contact(parts.online);
    this.#inputs = io.inputs.map((input, index) => new Input(parts, input, (value) => this.#told(index, value)));
    this.#watch = parts.standing.watch((standing) => {
      this.#lamps.standing(standing);
      if (io.relay === undefined) return;
      this.#alarm = relayAlarm(io.relay, standing);
      this.#relay?.set(relayLevel(io.relay, this.#alarm));
    });
    for (const input of this.#inputs) input.start();
  }

  /** Whether somebody is at a presence button now. */
  get present(): boolean {
    return this.#inputs.some(({ snapshot, value }) => snapshot.role === "presence" && value === true);
  }

  contact(online: boolean): void {
    this.#lamps.contact(online);
  }

  status(): IoStatus {
    const relayFault = this.#relay?.fault;
    return {
      inputs: this.#inputs.map(({ snapshot, value, fault }) => ({
        name: snapshot.name,
        role: snapshot.role,
        value,
        ...(fault === undefined ? {} : { lastFault: fault }),
      })),
      ...(this.#relay === undefined
        ? {}
        : { relay: { alarm: this.#alarm, ...(relayFault === undefined ? {} : { lastFault: relayFault }) } }),
    };
  }

  /** Another configuration follows: what it does not have raises no alarm any more. */
  withdraw(next: IoSnapshot | undefined): void {
    const { device, inputs } = this.#io;
    for (const input of inputs) {
      const alarm = alarmOf(input);
      if (alarm === undefined) continue;
      const stays =
        next?.device === device && next.inputs.some(({ name, role }) => name === input.name && role === alarm);
      if (!stays) this.#parts.alarms.set(alarm, `${device}/${input.name}`, false, "not configured any more");
    }
  }

  /** @param leaving nobody watches from now on: lamps go dark, and a fail-safe relay lets go. Otherwise lines stay as they are */
  async stop(leaving: boolean): Promise<void> {
    this.#watch[Symbol.dispose]();
    await Promise.all([
      ...this.#inputs.map((input) => input.stop()),
      this.#relay?.stop(leaving && this.#io.relay?.failSafe === true ? false : undefined),
      this.#lamps.stop(leaving ? false : undefined),
    ]);
  }

  #told(index: number, value: boolean | null): void {
    const input = this.#io.inputs[index] as IoInput;
    this.#parts.told(index, value);
    const alarm = alarmOf(input);
    if (alarm === undefined) return;
    // a tamper line that cannot be read looks like one that was cut
    const active = value ?? alarm === "tamper";
    this.#parts.alarms.set(alarm, `${this.#io.device}/${input.name}`, active, evidenceOf(input, value));
  }
}

function alarmOf({ role }: IoInput): "tamper" | "service-port" | undefined {
  return role === "tamper" || role === "service-port" ? role : undefined;
}

function evidenceOf({ name, line, role }: IoInput, value: boolean | null): string {
  if (value === null) return `${name} (${line}) cannot be read`;
  if (role === "tamper") return `${name} (${line}) says that the housing is ${value ? "open" : "closed"}`;
  return `${name} (${line}) says that ${value ? "something is" : "nothing is"} plugged in`;
}
