import { DEFAULT_MEASUREMENT } from "./field.ts";
import { fieldFault } from "./field-limits.ts";
import type { Field, Group, TableName } from "./field.ts";
import type { Section } from "./section.ts";
import { orderKeys, orderOf, scaleKeys, typeOfRegisters } from "./value-type.ts";

const BIT_LISTS: Readonly<Record<string, TableName>> = { discrete_inputs: "discrete-input", coils: "coil" };
const REGISTER_LISTS: Readonly<Record<string, TableName>> = {
  holding_registers: "holding-register",
  input_registers: "input-register",
};

const INTEGER = /^u?int\d+[lh]?$/iu;

/** `configuration_type = "register"`: lists of fields by table, all of one unit. */
export function readRegisterStyle(plugin: Section, tags: Readonly<Record<string, string>>): readonly Group[] {
  const fields: Field[] = [];
  const each = (
    lists: Readonly<Record<string, TableName>>,
    read: (field: Section, table: TableName) => Field | undefined,
  ): void => {
    for (const [key, table] of Object.entries(lists))
      for (const section of plugin.sections(key, (index) => `, ${key} ${index}`)) {
        const field = read(section, table);
        const fault = field === undefined ? undefined : fieldFault(field);
        if (fault !== undefined)
          section.notes.lost(section.place, `${fault}, so ${JSON.stringify(field?.name)} is left out`);
        if (field === undefined || fault !== undefined) section.abandon();
        else fields.push({ ...field, tags });
        section.finish();
      }
  };
  each(BIT_LISTS, readBit);
  each(REGISTER_LISTS, readRegisters);
  const unit = plugin.number("slave_id") ?? 0;
  return fields.length === 0 ? [] : [{ unit, fields, blocks: [], optimise: "none" }];
}

function readBit(field: Section, table: TableName): Field | undefined {
  const name = field.text("name") ?? "";
  const [address, ...more] = field.numbers("address") ?? [];
  const measurement = field.text("measurement") ?? DEFAULT_MEASUREMENT;
  if (field.text("data_type")?.toUpperCase() !== "BOOL")
    field.notes.changed(field.place, "0 and 1 of coils and discrete inputs are false and true here");
  if (address === undefined || more.length > 0) {
    field.notes.lost(field.place, `address: one is wanted, so ${JSON.stringify(name)} is left out`);
    return undefined;
  }
  return { name, table, address, count: 1, keys: {}, measurement, tags: {}, place: field.place };
}

function readRegisters(field: Section, table: TableName): Field | undefined {
  const name = field.text("name") ?? "";
  const addresses = field.numbers("address") ?? [];
  const measurement = field.text("measurement") ?? DEFAULT_MEASUREMENT;
  const scale = field.number("scale");
  const order = orderOf(field);
  const type = typeOfRegisters(field, addresses.length, JSON.stringify(name));
  const [address] = addresses;
  if (address === undefined || addresses.some((one, index) => one !== address + index)) {
    const why = "neighbouring registers in ascending order are wanted";
    field.notes.lost(
      field.place,
      `address = ${JSON.stringify(addresses)}: ${why}, so ${JSON.stringify(name)} is left out`,
    );
    return undefined;
  }
  if (type === undefined || order === undefined) return undefined;
  const { keys, registers } = type;
  const scaled = scaleKeys(field, scale, keys);
  if ("scale" in scaled && INTEGER.test(field.text("data_type") ?? ""))
    field.notes.changed(
      field.place,
      "a whole number with a scale is cut to a whole number there, and keeps its fraction here",
    );
  return {
    name,
    table,
    address,
    count: registers,
    keys: { ...keys, ...orderKeys(order, registers), ...scaled },
    measurement,
    tags: {},
    place: field.place,
  };
}
