import { expect, test } from "vitest";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { fieldWorld } from "../field-world.ts";
import { coil, plan, pump, pumping } from "./outputs-world.ts";

const STEPS = 400;
const RUN = 1;
const SPARE = 2;

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever is commanded, lost, held and sent to the plan, two that exclude each other are never both on (seed %i)",
  async (seed) => {
    const world = fieldWorld({ seed });
    await using _world = world;
    const chance = seededEntropy(seed);
    const among = <Item>(items: readonly Item[]): Item => items[Math.floor(chance.fraction() * items.length)] as Item;
    const [drive] = world.devices([1]);
    if (drive === undefined) throw new Error("no pump");
    drive.coils.write(0, [0, 0, 0, 0]);
    let both = 0;
    let heldWrites = 0;
    let quietFromMs = Number.POSITIVE_INFINITY;
    const write = drive.coils.write.bind(drive.coils);
    drive.coils.write = (first, values) => {
      write(first, values);
      if (drive.coils.read(RUN, 2).every((on) => on === 1)) both++;
      if (world.clock.monotonicMs() > quietFromMs && values[0] === 1) heldWrites++;
    };
    world.line([drive]);
    const channel = await world.keeper();
    const either = [
      coil("run", RUN, { excludes: ["pump/spare"], readBackMsMax: 5_000 }),
      coil("spare", SPARE, { excludes: ["pump/run"], readBackMsMax: 5_000 }),
    ];
    const off = plan([{ output: "pump/run" }, { output: "pump/spare" }]);
    await world.configure("one", pumping([pump(either, { probeMsMax: 1_000 })], { plan: off }));
    await world.clock.advance(3_000);
    for (let i = 0; i < STEPS; i++) {
      const what = chance.fraction();
      if (what < 0.8) {
        channel.send({
          kind: "write",
          id: i,
          source: "pump",
          point: among(["run", "spare"]),
          value: chance.fraction() < 0.7,
        });
      } else if (what < 0.86) {
        const kind = among(["lost-reply", "silence", "crc-error"] as const);
        drive.inject({ kind, count: 1 });
      } else if (what < 0.89) {
        await world.order("hold");
        // what was on the wire by then ends by itself
        quietFromMs = world.clock.monotonicMs() + 50;
      } else if (what < 0.91) await world.order("to-plan");
      else {
        quietFromMs = Number.POSITIVE_INFINITY;
        await world.order("release");
      }
      await world.clock.advance(chance.fraction() < 0.5 ? 0 : chance.fraction() * 800);
    }
    expect({ both, heldWrites }).toEqual({ both: 0, heldWrites: 0 });
    const done = world.heard.filter((said) => said.kind === "written" && said.code === undefined);
    expect(done.length).toBeGreaterThan(20);
  },
);
