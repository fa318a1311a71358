import { type ErrorCode, errors } from "@/lib/contract/errors.ts";
import type { JsonSchema } from "./schemas.ts";

export type MediaType = {
  schema?: JsonSchema;
  example?: unknown;
  examples?: Record<string, { $ref: string } | { summary?: string; value: unknown }>;
};
export type ResponseObject = {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content?: Record<string, MediaType>;
};

const SCHEMAS = "#/components/schemas";
/** Errors of every call, which have their status for themselves: described once. */
export const everywhere = [
  "headers_too_large",
  "payload_too_large",
  "unsupported_media_type",
  "server_error",
  "unavailable",
] as const satisfies ErrorCode[];

const RETRY_AFTER = { "Retry-After": { schema: { type: "integer" }, description: "Seconds." } };

/** The fields of a body, and what a body is told that fits in none of them. */
export type FieldErrors = { names: string[]; example: object };

/** The answers of a call's errors, by status. */
export function describeErrors(codes: ErrorCode[], fieldErrors: FieldErrors | null) {
  const statuses = [...new Set([...(fieldErrors ? [400] : []), ...codes.map((code) => errors[code].status)])];
  return Object.fromEntries(
    statuses.sort().map((status) => {
      const ofStatus = codes.filter((code) => errors[code].status === status);
      const shared = everywhere.find((code) => ofStatus.includes(code));
      return [
        String(status),
        shared
          ? { $ref: `#/components/responses/${shared}` }
          : describeStatus(ofStatus, status === 400 ? fieldErrors : null),
      ];
    }),
  );
}

/** One answer for several codes of one status. */
export function describeStatus(codes: ErrorCode[], fieldErrors: FieldErrors | null = null): ResponseObject {
  const schemas: JsonSchema[] = [
    ...(codes.some((code) => code !== "two_factor_required") ? [{ $ref: `${SCHEMAS}/ApiError` }] : []),
    ...(codes.includes("two_factor_required") ? [{ $ref: `${SCHEMAS}/TwoFactorRequired` }] : []),
    ...(fieldErrors ? [describeFieldErrors(fieldErrors)] : []),
  ];
  const sentences = codes.map((code) => `- \`${code}\`: ${errors[code].detail}`);
  if (fieldErrors) sentences.push("- Fields that did not fit, each with its sentences.");
  const waits = codes.some((code) => code === "throttled" || code === "unavailable");
  const [only] = schemas;
  return {
    description: sentences.join("\n"),
    ...(waits && { headers: RETRY_AFTER }),
    content: {
      "application/json": {
        schema: schemas.length === 1 && only ? only : { anyOf: schemas },
        examples: {
          ...Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          ...(fieldErrors && { fields: { value: fieldErrors.example } }),
        },
      },
    },
  };
}

/** Its fields stand by name, so that a generated client tells it from an error by whether there is a `detail`. */
function describeFieldErrors({ names }: FieldErrors): JsonSchema {
  const sentences = { type: "array", items: { type: "string" } };
  const properties = Object.fromEntries([...names, "non_field_errors"].map((name) => [name, sentences]));
  return { type: "object", properties };
}
