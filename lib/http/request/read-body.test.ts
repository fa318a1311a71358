import { expect, it } from "vitest";
import { z } from "zod";
import { readBody } from "./read-body.ts";

const failing = z.object({ email: z.string() }).transform((): never => {
  throw new TypeError("a bug of ours");
});

function post(body: Uint8Array) {
  const headers = new Headers({ "content-type": "application/json" });
  return { method: "POST", url: "/api/token", headers, body };
}

it("a bug inside a schema is thrown, and no caller is told that the body was not UTF-8", async () => {
  const request = post(Buffer.from('{"email":"ada@example.com"}'));
  await expect(readBody(request, failing, { form: false })).rejects.toThrow("a bug of ours");
});

it("a body that is not UTF-8 is a parse error", async () => {
  const read = await readBody(post(Uint8Array.of(0xff)), z.object({}), { form: false });
  expect(read).toEqual({
    kind: "failure",
    code: "parse_error",
    detail: "JSON parse error - The body is not valid UTF-8.",
  });
});
