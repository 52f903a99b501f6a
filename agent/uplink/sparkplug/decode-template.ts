import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { DataType } from "./datatype.ts";
import { readScalar, typed } from "./decode-value.ts";
import { PARAMETER, TEMPLATE } from "./payload.ts";
import type { Metric, Parameter, Scalar, Template } from "./payload.ts";
import { readBool, readFields, readText, readUint32, Refused, subReader } from "./wire-reader.ts";

/** Of one template; its metrics count among the payload's. */
export const PARAMETERS_MAX = 64;

/** @param readMember a metric of the template @see Sparkplug B 3.0 §6.4.14 Template */
export function readTemplate(reader: BinaryReader, readMember: (reader: BinaryReader) => Metric): Template {
  const template: { -readonly [Key in keyof Template]: Template[Key] } = { kind: "template", metrics: [] };
  const metrics: Metric[] = [];
  const parameters: Parameter[] = [];
  readFields(reader, (field, wire) => {
    if (field === TEMPLATE.version) template.version = readText(reader, wire);
    else if (field === TEMPLATE.templateRef) template.ref = readText(reader, wire);
    else if (field === TEMPLATE.isDefinition) template.isDefinition = readBool(reader, wire);
    else if (field === TEMPLATE.metrics) metrics.push(readMember(subReader(reader, wire)));
    else if (field === TEMPLATE.parameters) {
      if (parameters.length === PARAMETERS_MAX) {
        throw new Refused("PAYLOAD_LIMIT", `a template of more than ${PARAMETERS_MAX} parameters`);
      }
      parameters.push(readParameter(subReader(reader, wire)));
    } else return false;
    return true;
  });
  template.metrics = metrics;
  if (parameters.length > 0) template.parameters = parameters;
  return template;
}

function readParameter(reader: BinaryReader): Parameter {
  let name = "";
  let type: number = DataType.Unknown;
  let raw: Scalar | undefined;
  readFields(reader, (field, wire) => {
    if (field === PARAMETER.name) name = readText(reader, wire);
    else if (field === PARAMETER.type) type = readUint32(reader, wire);
    else if (field >= PARAMETER.intValue && field <= PARAMETER.stringValue) {
      raw = readScalar(reader, wire, field - PARAMETER.intValue);
    } else return false;
    return true;
  });
  return { name, type, value: raw === undefined ? null : typed(raw, type) };
}
