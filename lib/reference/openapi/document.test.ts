import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { type ErrorCode, errors } from "@/lib/contract/errors.ts";
import { ErrorBody, errorExample, TwoFactorRequiredBody } from "@/lib/reference/operations/error-bodies.ts";
import { operations } from "@/lib/reference/operations/operations.ts";
import { errorCodes } from "./describe-operation.ts";
import { makeDocument } from "./document.ts";

const document = makeDocument({ appUrl: "https://login.example.com", version: "1.2.3" });

describe("the document", () => {
  it("is valid OpenAPI 3.1, and every reference in it leads somewhere", async () => {
    const validator = new Validator();
    const { valid, errors: faults } = await validator.validate(structuredClone(document));
    expect(faults ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, "3.1"]);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = ""]) => to);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references))
      expect([reference, follow(reference)]).not.toContain(undefined);
  });

  it("says where it is reached, and which version it is of", () => {
    expect(document.servers).toEqual([{ url: "https://login.example.com" }]);
    expect(document.info.version).toBe("1.2.3");
  });

  it("leaves no schema without a shape, and shows no expression where a format says enough", () => {
    const shapes = Object.entries(document.components.schemas).flatMap(([name, schema]) => [
      { name, schema },
      ...Object.entries(schema.properties ?? {}).map(([field, each]) => ({
        name: `${name}.${field}`,
        schema: each,
      })),
    ]);
    const shapeless = shapes.filter(
      ({ schema }) => !(schema.type ?? schema.$ref ?? schema.anyOf ?? schema.enum),
    );
    expect(shapeless.map(({ name }) => name)).toEqual([]);
    expect(shapes.filter(({ schema }) => schema.pattern).map(({ name }) => name)).toEqual([]);
    expect(document.components.schemas).not.toHaveProperty("__shared");
  });

  it("describes every yes or no as the boolean that a generated client sends", () => {
    const described = JSON.stringify(document);
    expect(described).not.toContain('["boolean","integer","string"]');
    expect(described).toContain('"trust_device":{"type":"boolean"');
  });

  it("describes a text with rules of its own as the text that it is", () => {
    expect(document.components.schemas.LogInRequest).toMatchObject({
      required: ["email", "password"],
      properties: { email: { type: "string", minLength: 1 } },
    });
    expect(document.components.schemas.NameSessionRequest?.properties?.name).toMatchObject({
      type: "string",
      maxLength: 64,
    });
  });
});

describe("every operation", () => {
  it.each(
    operations.map((operation) => [operation.id, operation] as const),
  )("%s has examples that fit", (_, operation) => {
    const { request, example, query, successes } = operation;
    if (request) expect(request.safeParse(example?.body)).toMatchObject({ success: true });
    else expect(example?.body).toBeUndefined();
    if (example?.query) expect(query?.safeParse(example.query)).toMatchObject({ success: true });
    for (const { body, text, example: answer } of successes) {
      if (body) expect(body.parse(answer)).toEqual(answer);
      else expect(typeof answer).toBe(text ? "string" : "undefined");
    }
  });

  it.each(
    operations.map((operation) => [operation.id, operation] as const),
  )("%s tells all its errors, each with its status", (_, operation) => {
    const responses = document.paths[operation.path]?.[operation.method]?.responses ?? {};
    for (const code of errorCodes(operation)) {
      const response = responses[errors[code].status];
      const told = response && "$ref" in response ? follow(response.$ref) : response;
      expect(JSON.stringify(told)).toContain(`#/components/examples/${code}`);
    }
    for (const success of operation.successes) expect(responses).toHaveProperty(String(success.status));
  });

  it("says of every error code what it looks like", () => {
    for (const code of Object.keys(errors) as ErrorCode[]) {
      const schema = code === "two_factor_required" ? TwoFactorRequiredBody : ErrorBody;
      expect(schema.parse(errorExample(code))).toEqual(errorExample(code));
    }
  });
});

function follow(reference: string): unknown {
  const steps = reference.replace("#/", "").split("/");
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
}
