import { errorExample } from "@/lib/reference/operations/error-bodies.ts";
import { type Operation, tags } from "@/lib/reference/operations/operation.ts";
import { operations } from "@/lib/reference/operations/operations.ts";
import { describeStatus, everywhere, type ResponseObject } from "./describe-errors.ts";
import { describeOperation, errorCodes, type OperationObject } from "./describe-operation.ts";
import { describeSchemas, type JsonSchema } from "./schemas.ts";

export type OpenApiDocument = {
  openapi: "3.1.1";
  info: {
    title: string;
    version: string;
    description: string;
    contact: { name: string; url: string };
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Partial<Record<Operation["method"], OperationObject>>>;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, ResponseObject>;
    examples: Record<string, { value: unknown }>;
    securitySchemes: Record<string, object>;
  };
};

const INTRODUCTION =
  "JSON in, JSON out, in snake_case; some calls take forms too. Instants are ISO 8601 in UTC, ids are UUIDs. Errors are " +
  "`{detail, code}`, or `{field: [sentences]}` for fields that did not fit. Every path answers with and without its " +
  "trailing slash. Every answer carries `X-Request-Id`.";

const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token. It wins over the cookie.",
  },
  cookie: {
    type: "apiKey",
    in: "cookie",
    name: "keyturn_access",
    description:
      "Set by a log-in with `X-Token-Delivery: cookie`; with https its name starts with `__Host-`. A change that rides " +
      "on it must come from one of our own pages or an origin that `CORS_ORIGINS` names.",
  },
  application: { type: "http", scheme: "basic", description: "`client_id` and secret of an application." },
  metrics: { type: "http", scheme: "bearer", description: "`METRICS_TOKEN`." },
};

/**
 * The description of the API, from the schemas that the routes parse.
 *
 * @param appUrl where it is reached
 */
export function makeDocument({ appUrl, version }: { appUrl: string; version: string }): OpenApiDocument {
  const { schemas, reference } = describeSchemas(operations);
  const paths: OpenApiDocument["paths"] = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, { schemas, reference }),
    };
  }
  const used = new Set(operations.map(({ tag }) => tag as string));
  return {
    openapi: "3.1.1",
    info: {
      title: "Keyturn",
      version,
      description: INTRODUCTION,
      contact: { name: "Whoever runs it", url: `${appUrl}/docs` },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: appUrl }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses: Object.fromEntries(everywhere.map((code) => [code, describeStatus([code])])),
      examples: Object.fromEntries(
        [...new Set(operations.flatMap(errorCodes))].map((code) => [code, { value: errorExample(code) }]),
      ),
      securitySchemes,
    },
  };
}
