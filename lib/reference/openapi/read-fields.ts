import type { OpenApiDocument } from "./document.ts";
import type { JsonSchema } from "./schemas.ts";

/** A field as a reader sees it. */
export type ReadField = {
  name: string;
  /** What it holds, in a few words. */
  type: string;
  /** The shape it holds, where that has a place of its own. */
  shape?: string;
  required: boolean;
  description?: string | undefined;
};

const NAMES: Record<string, string> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "yes or no",
  object: "object",
  null: "null",
  uuid: "id",
  "date-time": "instant",
};

/** The fields of an object, those of objects inside it by a dotted name. */
export function readFields(document: OpenApiDocument, schema: JsonSchema, prefix = ""): ReadField[] {
  const { properties = {}, required = [] } = resolve(document, schema);
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    const { description } = field;
    const read = readField({ name, required: required.includes(key), description, schema: field });
    return field.properties ? [read, ...readFields(document, field, `${name}.`)] : [read];
  });
}

/** One field, parameter or header. */
export function readField({
  name,
  required = false,
  description,
  schema,
}: {
  name: string;
  required?: boolean;
  description?: string | undefined;
  schema: JsonSchema;
}): ReadField {
  return { name, required, description, ...readType(schema) };
}

function resolve({ components }: OpenApiDocument, schema: JsonSchema): JsonSchema {
  return schema.$ref ? (components.schemas[lastPart(schema.$ref)] ?? {}) : schema;
}

/** What a value is, in a few words. */
export function readType(schema: JsonSchema): { type: string; shape?: string } {
  if (schema.$ref) return { type: lastPart(schema.$ref), shape: lastPart(schema.$ref) };
  if (schema.items) {
    const { type, shape } = readType(schema.items);
    return { type: `list of ${type}`, ...(shape && { shape }) };
  }
  if (schema.anyOf) return { type: schema.anyOf.map((each) => readType(each).type).join(" or ") };
  if (schema.const !== undefined) return { type: JSON.stringify(schema.const) };
  const types = [schema.format ?? schema.type ?? "object"].flat();
  if (types.includes("boolean")) return { type: "yes or no" };
  if (schema.enum) return { type: schema.enum.map((each) => JSON.stringify(each)).join(" or ") };
  const longest = schema.maxLength ? `, at most ${schema.maxLength} characters` : "";
  return { type: `${types.map((type) => NAMES[type] ?? type).join(" or ")}${longest}` };
}

function lastPart(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}
