import type { Operation } from "@/lib/reference/operations/operation.ts";
import { describeQuery, type JsonSchema } from "./schemas.ts";

export type ParameterObject = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
};

const DELIVERY: ParameterObject = {
  name: "X-Token-Delivery",
  in: "header",
  required: false,
  description:
    "`cookie`: the tokens become HttpOnly cookies. Granted to our own pages and to origins that `CORS_ORIGINS` names.",
  schema: { type: "string", enum: ["json", "cookie"], default: "json" },
};
const RETRY_KEY: ParameterObject = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Made before the first try, the same for every try with this token: brings the same pair again.",
  schema: { type: "string", minLength: 16, maxLength: 128, pattern: "^[!-~]+$" },
};

/** What a call takes besides its body: in its path, in its query, and as a header. */
export function describeParameters({
  path,
  query,
  example,
  delivery,
  retryKey,
}: Operation): ParameterObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    schema: { type: "string", format: "uuid" },
  }));
  const { properties = {}, required = [] } = query ? describeQuery(query) : {};
  const asked = example?.query ?? {};
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query" as const,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
    ...(name in asked && { example: schema.type === "integer" ? Number(asked[name]) : asked[name] }),
  }));
  return [...inPath, ...inQuery, ...(delivery ? [DELIVERY] : []), ...(retryKey ? [RETRY_KEY] : [])];
}
