import { Validator } from "@seriousme/openapi-schema-validator";
import { LoggedInByCookie } from "@/lib/contract/tokens.ts";
import type { OpenApiDocument } from "@/lib/reference/openapi/document.ts";
import { ErrorBody, errorExample, fieldErrorsExample } from "@/lib/reference/operations/error-bodies.ts";
import type { Operation } from "@/lib/reference/operations/operation.ts";
import { operations } from "@/lib/reference/operations/operations.ts";
import { expect, FRONT_END, test } from "../fixtures.ts";
import { addTo, basic } from "../kit/applications.ts";
import { type Answer, type Sending, send } from "../kit/http.ts";
import { logIn, makePerson } from "../kit/people.ts";
import { meant, prepare } from "../kit/preparations.ts";
import { type Server, startServer } from "../kit/server.ts";

const METRICS_TOKEN = "a-token-that-only-these-tests-use";
let server: Server;
test.beforeAll(async () => {
  server = await startServer({ METRICS_TOKEN, CORS_ORIGINS: FRONT_END });
});
test.afterAll(() => server.stop());

async function readDocument(): Promise<OpenApiDocument> {
  return (await send(server, "GET /api/openapi.json")).body as OpenApiDocument;
}

test.describe("the document", () => {
  test("is valid, says where this Keyturn is, and is kept by nobody", async () => {
    const answer = await send(server, "GET /api/openapi.json");
    expect(answer.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    const document = answer.body as OpenApiDocument;
    const { valid, errors = [] } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, []]);
    expect(document.openapi).toBe("3.1.1");
    expect(document.servers).toEqual([{ url: (await server.app()).settings.APP_URL }]);
  });

  test("names the very methods that each path says it takes", async () => {
    for (const [path, methods] of Object.entries((await readDocument()).paths)) {
      const { headers } = await send(server, `OPTIONS ${path.replace(/\{\w+\}/, "x")}`);
      const allowed = String(headers.allow)
        .split(", ")
        .filter((method) => !/^(HEAD|OPTIONS)$/.test(method));
      expect([
        path,
        Object.keys(methods)
          .map((method) => method.toUpperCase())
          .sort(),
      ]).toEqual([path, allowed.sort()]);
    }
  });
});

for (const operation of operations) {
  test.describe(operation.id, () => {
    test("its example is answered as described", async () => {
      expectDescribed(await sendExample(operation), operation);
    });

    if (operation.form) {
      test("its example is answered alike when it is a form", async () => {
        expectDescribed(await sendExample(operation, { asForm: true }), operation);
      });
    }

    if (operation.delivery === "tokens") {
      test("by cookie it answers with who is logged in, and without a token", async () => {
        const headers = { origin: FRONT_END, "x-token-delivery": "cookie" };
        const answer = await sendExample(operation, { headers });
        expect(answer.status, answer.text).toBe(operation.successes[0].status);
        expect(LoggedInByCookie.parse(answer.body)).toEqual(answer.body);
        expect(answer.headers["set-cookie"]?.join()).toMatch(/^keyturn_access=[^;]+;.*HttpOnly/);
        const stranger = await sendExample(operation, {
          headers: { ...headers, origin: "https://evil.example" },
        });
        expectError(stranger, 403, "csrf_failed");
      });
    }

    const [{ file }] = operation.successes;
    if (file) {
      test("its example is answered as a file to whoever asks for one", async () => {
        const answer = await sendExample(operation, { headers: { accept: file.type } });
        expect(answer.status, answer.text).toBe(200);
        expect(answer.headers["content-type"]).toContain(file.type);
        expect(answer.text.split("\n")[0]?.trim()).toBe(file.example.split("\n")[0]);
      });
    }

    if (operation.auth !== "none") {
      test("nobody is told anything without a log-in", async () => {
        expectError(await sendExample(operation, { bearer: null }), 401, "not_authenticated");
      });
    }

    if (operation.auth === "admin") {
      test("a person who is no admin is refused", async () => {
        const { access } = await logIn(server, await makePerson(server));
        expectError(await sendExample(operation, { bearer: access }), 403, "permission_denied");
      });
    }

    if (operation.request) {
      test("a body that does not fit is told what the document says", async () => {
        const { method, path, request } = operation;
        const document = await readDocument();
        const described = document.paths[path]?.[method];
        const reference = described?.requestBody?.content["application/json"]?.schema as { $ref: string };
        const { properties = {} } = document.components.schemas[reference.$ref.split("/").at(-1) ?? ""] ?? {};
        const json = fieldErrorsExample(request as never, Object.keys(properties));
        const answer = await sendExample(operation, { body: { json } });
        const content = (described?.responses["400"] as { content: Record<string, { examples: object }> })
          .content;
        expect(answer.status, answer.text).toBe(400);
        expect(content["application/json"]?.examples).toMatchObject({ fields: { value: answer.body } });
        const broken = { raw: "{", headers: { "content-type": "application/json" } };
        expectError(await sendExample(operation, { body: broken }), 400, "parse_error");
      });
    }

    if (operation.query && operation.errors?.includes("bad_request")) {
      test("a query that does not fit is refused", async () => {
        expectError(await sendExample(operation, { query: { limit: "0", wait: "x" } }), 400, "bad_request");
      });
    }
  });
}

type Changes = {
  asForm?: true;
  headers?: Record<string, string>;
  /** In place of the one who was prepared; null for nobody. */
  bearer?: string | null;
  body?: Sending;
  query?: Record<string, string>;
};

/** Sends the example of an operation, by somebody for whom it should succeed, with what `changes` say instead. */
async function sendExample(operation: Operation, changes: Changes = {}): Promise<Answer> {
  const { method, path, auth, example = {}, request } = operation;
  const { means } = await prepare(server, operation);
  const json = meant(example.body ?? {}, means);
  const query = new URLSearchParams(meant(changes.query ?? example.query ?? {}, means));
  const call = `${method.toUpperCase()} ${path.replace("{id}", means.id ?? "")}${query.size > 0 ? `?${query}` : ""}`;
  const form = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
  const bearers = {
    none: undefined,
    "log-in": means.access,
    admin: means.access,
    application: undefined,
    "metrics-token": METRICS_TOKEN,
  };
  const bearer = changes.bearer === undefined ? bearers[auth] : (changes.bearer ?? undefined);
  const asApplication = auth === "application" && changes.bearer !== null;
  const { headers, ...body } = changes.body ?? (request ? (changes.asForm ? { form } : { json }) : {});
  return send(server, call, {
    ...body,
    ...(bearer !== undefined && { bearer }),
    headers: {
      ...headers,
      ...(asApplication && basic(await addTo(server, { confidential: true }))),
      ...changes.headers,
    },
  });
}

/** The first success of an operation, and in its answer nothing that is not described. */
function expectDescribed(answer: Answer, { successes: [{ status, body, text }] }: Operation): void {
  expect(answer.status, answer.text).toBe(status);
  if (body) expect(body.parse(answer.body)).toEqual(answer.body);
  else expect(answer.headers["content-type"]?.split(";")[0]).toBe(text);
}

function expectError(answer: Answer, status: number, code: keyof typeof codes): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { code } });
  expect(ErrorBody.parse(answer.body)).toEqual(answer.body);
  expect(answer.body).toMatchObject(codes[code]);
}
const codes = {
  not_authenticated: errorExample("not_authenticated"),
  csrf_failed: errorExample("csrf_failed"),
  permission_denied: errorExample("permission_denied"),
  parse_error: errorExample("parse_error"),
  bad_request: { code: "bad_request" },
};
