import { z } from "zod";
import { PublicTwoFactor, PublicUser } from "@/lib/contract/account.ts";
import { AdminEvent, AdminSession, AdminUser, ShownPerson } from "@/lib/contract/admin-shapes.ts";
import { ApplicationWithSecret, PublicApplication } from "@/lib/contract/applications.ts";
import { PublicDelivery } from "@/lib/contract/deliveries.ts";
import { PublicEvent } from "@/lib/contract/events.ts";
import { PublicPasskey } from "@/lib/contract/passkeys.ts";
import { PublicSession } from "@/lib/contract/sessions.ts";
import { LoggedIn, Nothing } from "@/lib/contract/tokens.ts";
import { AwaitedCode, PublicTrustedDevice, ResentCode, StartedChallenge } from "@/lib/contract/two-factor.ts";
import { ErrorBody, TwoFactorRequiredBody } from "@/lib/reference/operations/error-bodies.ts";
import type { Operation } from "@/lib/reference/operations/operation.ts";

/** JSON Schema 2020-12, as far as anything here looks into it. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  [keyword: string]: unknown;
};
export type Reference = (schema: z.ZodType) => { $ref: string };

/** Shapes that stand in more than one answer, or inside one. */
const shared: Record<string, z.ZodType> = {
  ApiError: ErrorBody,
  TwoFactorRequired: TwoFactorRequiredBody,
  Nothing,
  User: PublicUser,
  TwoFactor: PublicTwoFactor,
  Session: PublicSession,
  TrustedDevice: PublicTrustedDevice,
  Passkey: PublicPasskey,
  Event: PublicEvent,
  Challenge: StartedChallenge,
  AwaitedCode,
  ResentCode,
  AdminUser,
  ShownPerson,
  AdminSession,
  AdminEvent,
  Application: PublicApplication,
  ApplicationWithSecret,
  Delivery: PublicDelivery,
  LoggedIn,
};

const uri = (name: string) => `#/components/schemas/${name}`;

/** Every body of these operations as JSON Schema, and the way to refer to one: shared by name, else by its operation. */
export function describeSchemas(operations: readonly Operation[]): {
  schemas: Record<string, JsonSchema>;
  reference: Reference;
} {
  const names = new Map(Object.entries(shared).map(([name, schema]) => [schema, name]));
  const requests = operations.flatMap(({ id, request }) => named(names, request, `${capital(id)}Request`));
  const answers = operations.flatMap(({ id, successes }) =>
    successes.flatMap(({ body, status }, i) =>
      named(names, body, `${capital(id)}${i === 0 ? "" : status}Answer`),
    ),
  );
  return {
    schemas: {
      ...toSchemas("input", requests),
      ...toSchemas("output", [...Object.values(shared), ...answers]),
    },
    reference(schema) {
      const name = names.get(schema);
      if (name === undefined) throw new Error("this schema is no body of an operation");
      return { $ref: uri(name) };
    },
  };

  function toSchemas(io: "input" | "output", all: z.ZodType[]): Record<string, JsonSchema> {
    const registry = z.registry<{ id: string }>();
    for (const schema of new Set(all)) registry.add(schema, { id: names.get(schema) ?? "" });
    const { schemas } = z.toJSONSchema(registry, { io, uri, unrepresentable: "any", override: asOnTheWire });
    return Object.fromEntries(
      Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [
        name,
        schema as JsonSchema,
      ]),
    );
  }
}

/** The query parameters of a call. */
export function describeQuery(query: z.ZodObject): JsonSchema {
  return z.toJSONSchema(query, { io: "input", unrepresentable: "any", override: asOnTheWire }) as JsonSchema;
}

function named(names: Map<z.ZodType, string>, schema: z.ZodType | undefined, name: string): z.ZodType[] {
  if (!schema) return [];
  if (!names.has(schema)) names.set(schema, name);
  return [schema];
}

type Made = { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema };

/**
 * What `meta` says of the wire in place of what zod can see. A format says enough without its expression, and an answer
 * may gain fields.
 */
function asOnTheWire({ zodSchema, jsonSchema }: Made): void {
  const { wire, description } = z.globalRegistry.get(zodSchema) ?? {};
  if (wire) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    Object.assign(jsonSchema, wire, description !== undefined && { description });
  }
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
