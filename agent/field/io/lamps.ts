import { every } from "../../../hal/clock.ts";
import type { Timer } from "../../../hal/clock.ts";
import type { IoLed } from "../../config/snapshot/io.ts";
import type { StandingAlarm } from "../alarms/standing.ts";
import { DrivenOutput } from "./driven-output.ts";
import type { DrivenOutputParts } from "./driven-output.ts";

/** Once a second, to be seen from afar and at once. */
const BLINK_MS = 500;

/** Steady, dark or blinking. */
type Light = "on" | "off" | "blinking";

/**
 * LEDs of the housing. `running` blinks, since a steady light would outlive the process; `alarm` blinks until every alarm
 * is acknowledged and is on until every one is over; `uplink` is on while a broker takes telemetry.
 */
export class Lamps {
  readonly #lamps: readonly { readonly led: IoLed; readonly output: DrivenOutput }[];
  readonly #lights: Record<IoLed["shows"], Light> = { running: "blinking", alarm: "off", uplink: "off" };
  readonly #blinking: Timer | undefined;
  #phase = true;

  constructor(parts: DrivenOutputParts, leds: readonly IoLed[]) {
    this.#lamps = leds.map((led) => ({ led, output: new DrivenOutput(parts, led.line) }));
    if (leds.length > 0) {
      this.#blinking = every(parts.clock, BLINK_MS, () => {
        this.#phase = !this.#phase;
        this.#show();
      });
    }
    this.#show();
  }

  contact(online: boolean): void {
    this.#lights.uplink = online ? "on" : "off";
    this.#show();
  }

  standing(standing: readonly StandingAlarm[]): void {
    const waiting = standing.some(({ acknowledged }) => !acknowledged);
    this.#lights.alarm = waiting ? "blinking" : standing.length > 0 ? "on" : "off";
    this.#show();
  }

  /** @param last what they are left with; undefined: as they are */
  async stop(last: boolean | undefined): Promise<void> {
    this.#blinking?.[Symbol.dispose]();
    await Promise.all(this.#lamps.map(({ output }) => output.stop(last)));
  }

  #show(): void {
    for (const { led, output } of this.#lamps) {
      const light = this.#lights[led.shows];
      output.set(light === "blinking" ? this.#phase : light === "on");
    }
  }
}
