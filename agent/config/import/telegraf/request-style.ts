import { blocksOf } from "./blocks.ts";
import type { Span } from "./blocks.ts";
import { DEFAULT_MEASUREMENT } from "./field.ts";
import { fieldFault } from "./field-limits.ts";
import type { Field, Group, Optimisation, TableName } from "./field.ts";
import type { Section } from "./section.ts";
import { orderKeys, orderOf, scaleKeys, typeOfField } from "./value-type.ts";
import type { ValueKeys } from "./value-type.ts";

const TABLES: Readonly<Record<string, TableName>> = {
  coil: "coil",
  discrete: "discrete-input",
  holding: "holding-register",
  input: "input-register",
};
const OPTIMISATIONS: Readonly<Record<string, Optimisation>> = {
  "": "none",
  none: "none",
  shrink: "shrink",
  rearrange: "rearrange",
  aggressive: "max-insert",
  max_insert: "max-insert",
};
/** All that one request may hold: what the aggressive optimisation read along at most. */
const AGGRESSIVE_INSERT_MAX = 123;
const INSERT_MAX_DEFAULT = 50;
const INSERT_MAX = 1_999;

/** `configuration_type = "request"`: each request has its unit and its table. */
export function readRequestStyle(plugin: Section, tags: Readonly<Record<string, string>>): readonly Group[] {
  return plugin
    .sections("request", (index) => `, request ${index}`)
    .map((request) => {
      const optimise = readOptimisation(request);
      const written = request.text("register") ?? "holding";
      const table = TABLES[written];
      if (table === undefined)
        request.notes.lost(
          request.place,
          `register = ${JSON.stringify(written)}: no such table, so its fields are left out`,
        );
      return { ...readGroup(request, tags, () => table), ...optimise };
    });
}

/** `configuration_type = "metric"`: each metric has its unit, and each of its fields a table. */
export function readMetricStyle(plugin: Section, tags: Readonly<Record<string, string>>): readonly Group[] {
  const optimise = readOptimisation(plugin);
  return plugin
    .sections("metric", (index) => `, metric ${index}`)
    .map((metric) => ({
      ...readGroup(metric, tags, (field) => {
        const written = field.text("register") ?? "holding";
        if (TABLES[written] === undefined)
          field.notes.lost(
            field.place,
            `register = ${JSON.stringify(written)}: no such table, so the field is left out`,
          );
        return TABLES[written];
      }),
      ...optimise,
    }));
}

function readOptimisation(section: Section): Pick<Group, "optimise" | "insertMax"> {
  const written = section.text("optimization") ?? "";
  const key = "optimization_max_register_fill";
  const fill = section.within(key, section.number(key), 0, INSERT_MAX) ?? INSERT_MAX_DEFAULT;
  const optimise = OPTIMISATIONS[written];
  if (optimise === undefined)
    section.notes.lost(
      section.place,
      `optimization = ${JSON.stringify(written)}: no such word, requests are as they stand`,
    );
  if (written === "aggressive")
    section.notes.changed(
      section.place,
      `optimization = "aggressive": here it is max-insert with gaps of up to ${AGGRESSIVE_INSERT_MAX}`,
    );
  if (optimise !== "max-insert") return { optimise: optimise ?? "none" };
  return { optimise, insertMax: written === "aggressive" ? AGGRESSIVE_INSERT_MAX : fill };
}

function readGroup(
  group: Section,
  outer: Readonly<Record<string, string>>,
  tableOf: (field: Section) => TableName | undefined,
): Pick<Group, "unit" | "fields" | "blocks"> {
  const unit = group.number("slave_id") ?? 0;
  const measurement = group.text("measurement") ?? DEFAULT_MEASUREMENT;
  const order = orderOf(group);
  const own = group.tags("tags");
  if (Object.keys(own).length > 0) group.notes.lost(group.place, `tags ${JSON.stringify(own)}: ${TAGS}`);
  const tags = { ...outer, ...own };
  const fields: Field[] = [];
  const spans: Span[] = [];
  for (const field of group.sections("fields", (index) => `, field ${index}`)) {
    const table = tableOf(field);
    const read = table === undefined || order === undefined ? undefined : readField(field, table, order);
    const fault = read === undefined ? undefined : fieldFault(read);
    if (fault !== undefined) field.notes.lost(field.place, `${fault}, so ${JSON.stringify(read?.name)} is left out`);
    if (read === undefined || fault !== undefined) field.abandon();
    else {
      const { name, omitted, ...span } = read;
      spans.push({ table: span.table, address: span.address, count: span.count, omitted });
      if (!omitted)
        fields.push({ ...span, name, measurement: field.text("measurement") ?? measurement, tags, place: field.place });
      // those of an omitted field mean nothing there either
      for (const key of omitted ? ["name", "type", "length", "bit", "scale", "output", "measurement"] : [])
        field.ignore(key);
    }
    field.finish();
  }
  group.finish();
  return { unit, fields, blocks: blocksOf(spans) };
}

const TAGS = "values have no tags here, only their device and name";

function readField(
  field: Section,
  table: TableName,
  order: Pick<ValueKeys, "wordOrder" | "byteOrder">,
): (Omit<Field, "measurement" | "tags" | "place"> & { readonly omitted: boolean }) | undefined {
  const omitted = field.flag("omit");
  const name = field.text("name") ?? "";
  const address = field.number("address");
  if (address === undefined) {
    field.notes.lost(field.place, `address: none is given, so ${JSON.stringify(name)} is left out`);
    return undefined;
  }
  if (table === "coil" || table === "discrete-input") {
    if (!omitted && field.text("output")?.toUpperCase() !== "BOOL")
      field.notes.changed(field.place, "0 and 1 of coils and discrete inputs are false and true here");
    for (const key of ["type", "length", "bit", "scale"]) field.ignore(key);
    return { name, table, address, count: 1, keys: {}, omitted };
  }
  if (omitted && !field.has("type")) return { name, table, address, count: 1, keys: {}, omitted };
  const type = typeOfField(field, JSON.stringify(name));
  if (type === undefined) return undefined;
  const scale = field.number("scale");
  const { keys, registers } = type;
  const scaled = scaleKeys(field, scale, keys);
  const isFloat = "scale" in scaled || keys.type?.startsWith("float") === true;
  const output = field.text("output")?.toUpperCase();
  if (!omitted && output !== undefined && (output === "FLOAT64") !== isFloat) {
    const why = "a value has the type of its registers, and is a floating point number where it is scaled";
    field.notes.changed(field.place, `output = ${JSON.stringify(output)}: ${why}`);
  }
  return {
    name,
    table,
    address,
    count: registers,
    keys: { ...keys, ...orderKeys(order, registers), ...scaled },
    omitted,
  };
}
