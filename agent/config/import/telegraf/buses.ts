import { jointBlocks } from "./blocks.ts";
import { DEFAULT_MEASUREMENT } from "./field.ts";
import type { Field, Group } from "./field.ts";
import { UniqueNames, asName } from "./names.ts";
import type { Notes } from "./notes.ts";
import type { Plugin } from "./plugin.ts";
import { tellDifferences } from "./same-unit.ts";

const SERIAL_UNIT_MAX = 247;
const SOCKET_UNIT_MAX = 255;

/** A bus with its devices, as they stand in the file. */
export interface BusDraft {
  readonly keys: { readonly name: string; readonly devices: readonly object[]; readonly [key: string]: unknown };
  /** what somebody has to fill in */
  readonly placeholder: string | undefined;
  /** which sections it was made from */
  readonly places: readonly string[];
}

interface DeviceDraft {
  readonly keys: Record<string, unknown>;
  readonly fields: { readonly field: Field; readonly plugin: Plugin }[];
  readonly groups: Group[];
  /** the first section that asks it */
  readonly plugin: Plugin;
}

/** Puts together what several sections say of the same line, and of the same unit on it. */
export function busesOf(plugins: readonly Plugin[], notes: Notes): readonly BusDraft[] {
  const busNames = new UniqueNames(notes);
  const deviceNames = new UniqueNames(notes);
  const lines = new Map<string, Plugin[]>();
  for (const plugin of plugins) {
    const address = addressOf(plugin);
    const same = lines.get(address) ?? [];
    const [first] = same;
    if (
      first !== undefined &&
      JSON.stringify([first.transport.keys, first.bus]) !== JSON.stringify([plugin.transport.keys, plugin.bus])
    )
      notes.changed(
        plugin.place,
        `it shares its line with ${first.place} but sets it otherwise: what is said first holds`,
      );
    lines.set(address, [...same, plugin]);
  }
  return [...lines.values()].flatMap((same) => {
    const [first] = same;
    const devices = devicesOf(same, deviceNames, notes);
    if (first === undefined || devices.length === 0) return [];
    const name = busNames.take(first.transport.name, "bus", [], first.place);
    return [
      {
        keys: { name, ...first.transport.keys, ...first.bus, devices },
        placeholder: first.transport.placeholder,
        places: same.map(({ place }) => place),
      },
    ];
  });
}

function addressOf({ transport: { keys } }: Plugin): string {
  const { path, host, port } = { ...keys.rtu, ...keys.ascii, ...keys.tcp } as Readonly<Record<string, unknown>>;
  return JSON.stringify([path, host, port]);
}

function devicesOf(plugins: readonly Plugin[], deviceNames: UniqueNames, notes: Notes): readonly object[] {
  const drafts = new Map<number, DeviceDraft>();
  for (const plugin of plugins) {
    const units = new Set(plugin.groups.filter(({ fields }) => fields.length > 0).map(({ unit }) => unit));
    for (const group of plugin.groups) {
      if (group.fields.length === 0) continue;
      const { serial } = plugin.transport;
      const [least, most] = serial ? [1, SERIAL_UNIT_MAX] : [0, SOCKET_UNIT_MAX];
      if (!Number.isInteger(group.unit) || group.unit < least || group.unit > most) {
        notes.lost(
          group.fields[0]?.place ?? plugin.place,
          `slave_id = ${group.unit}: a ${serial ? "serial line" : "socket"} has units ${least} to ${most}, so its fields are left out`,
        );
        continue;
      }
      const draft = drafts.get(group.unit) ?? draftOf(plugin, group.unit, units.size > 1, deviceNames);
      if (!draft.fields.some((known) => known.plugin === plugin))
        tellDifferences(draft.plugin, plugin, group.unit, notes);
      drafts.set(group.unit, draft);
      draft.groups.push(group);
      draft.fields.push(...group.fields.map((field) => ({ field, plugin })));
    }
  }
  return [...drafts.values()].map((draft) => {
    const requests = requestsOf(draft, notes);
    return {
      ...draft.keys,
      ...(Object.keys(requests).length === 0 ? {} : { requests }),
      points: pointsOf(draft, notes),
    };
  });
}

function draftOf(plugin: Plugin, unit: number, several: boolean, names: UniqueNames): DeviceDraft {
  const written =
    plugin.name === undefined || plugin.name === ""
      ? `device-${unit}`
      : several
        ? `${plugin.name}-${unit}`
        : plugin.name;
  const name = names.take(written, `device-${unit}`, [plugin.transport.name], plugin.place);
  const keys = { name, unit, pollMs: plugin.pollMs, ...plugin.device };
  return { keys, fields: [], groups: [], plugin };
}

function pointsOf(draft: DeviceDraft, notes: Notes): readonly object[] {
  const names = new UniqueNames(notes);
  const counts = new Map<string, number>();
  const key = ({ name }: Field): string => asName(name, "").toLowerCase();
  for (const { field } of draft.fields) counts.set(key(field), (counts.get(key(field)) ?? 0) + 1);
  return draft.fields.map(({ field, plugin }) => {
    const alone = counts.get(key(field)) === 1;
    return pointOf(field, alone, names, plugin, draft.plugin.pollMs, notes);
  });
}

/** @param alone no other field of the device has its name: otherwise none of them keeps it, so that all read alike */
function pointOf(
  field: Field,
  alone: boolean,
  names: UniqueNames,
  plugin: Plugin,
  pollMs: number,
  notes: Notes,
): object {
  const { measurement, tags, table, address, keys } = field;
  if (measurement !== DEFAULT_MEASUREMENT)
    notes.lost(
      field.place,
      `measurement ${JSON.stringify(measurement)}: a value is called after its device and point alone`,
    );
  const more = [...(measurement === DEFAULT_MEASUREMENT ? [] : [measurement]), ...Object.values(tags), table];
  const name = names.take(field.name, `${table}-${address}`, more, field.place, alone);
  return {
    name,
    table,
    address,
    ...keys,
    ...(keys.type === "string" && plugin.byteLocation !== undefined ? { byteLocation: plugin.byteLocation } : {}),
    ...(plugin.pollMs === pollMs ? {} : { pollMs: plugin.pollMs }),
  };
}

/** The requests of one unit are planned together here, whichever section asked for them. */
function requestsOf(draft: DeviceDraft, notes: Notes): object {
  const { groups, keys } = draft;
  const own = ownRequests(draft, notes);
  // every point by itself: there is nothing left to plan
  if (own["onePerPoint"] === true) return own;
  const [first] = groups;
  const same = groups.every(({ optimise }) => optimise === first?.optimise);
  if (!same) {
    const place = groups[0]?.fields[0]?.place ?? "";
    notes.changed(
      place,
      `the requests of ${String(keys["name"])} are optimised in different ways: here they are planned together, without optimisation`,
    );
  }
  const optimise = same ? (first?.optimise ?? "none") : "none";
  const inserts = groups.flatMap(({ insertMax }) => insertMax ?? []);
  const blocks = optimise === "max-insert" ? [] : jointBlocks(groups, notes);
  return {
    ...(optimise === "none" ? {} : { optimise }),
    ...(optimise === "max-insert" ? { insertMax: Math.min(...inserts) } : {}),
    ...own,
    ...(blocks.length === 0 ? {} : { blocks }),
  };
}

/** A request cannot be smaller than the largest value of the unit: a limit below is raised, which is told. */
function ownRequests({ groups, plugin }: DeviceDraft, notes: Notes): Plugin["requests"] {
  const { requests, place } = plugin;
  const largest = Math.max(...groups.flatMap(({ fields }) => fields.map(({ count }) => count)));
  const { registersMax } = requests;
  if (typeof registersMax !== "number" || registersMax >= largest) return requests;
  const about = `max_word_registers_per_request = ${registersMax}: a value has ${largest} registers, so it is ${largest}`;
  notes.changed(place, about);
  return { ...requests, registersMax: largest };
}
