import { type ErrorCode, errors } from "../errors.ts";
import type { JsonSchema } from "./schemas.ts";

export type MediaType = {
  schema?: JsonSchema;
  example?: unknown;
  examples?: Record<string, { $ref: string } | { summary?: string; value: unknown }>;
};
export type ResponseObject = {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, MediaType>;
};

const SCHEMAS = "#/components/schemas";
/** Errors of every call, which have their status for themselves: described once. */
export const everywhere = [
  "payload_too_large",
  "unsupported_media_type",
  "server_error",
  "unavailable",
] as const satisfies ErrorCode[];

const RETRY_AFTER = { "Retry-After": { schema: { type: "integer" }, description: "Seconds." } };

/** The answers of a call's errors, by status. */
export function describeErrors(codes: ErrorCode[], fieldErrors: object | null) {
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
export function describeStatus(codes: ErrorCode[], fieldErrors: object | null = null): ResponseObject {
  const schemas = [
    ...(codes.some((code) => code !== "two_factor_required") ? [`${SCHEMAS}/Error`] : []),
    ...(codes.includes("two_factor_required") ? [`${SCHEMAS}/TwoFactorRequired`] : []),
    ...(fieldErrors ? [`${SCHEMAS}/FieldErrors`] : []),
  ].map(($ref) => ({ $ref }));
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
          ...(fieldErrors && { fields: { value: fieldErrors } }),
        },
      },
    },
  };
}
