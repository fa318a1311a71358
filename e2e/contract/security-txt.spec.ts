import { expect, test } from "../fixtures.ts";
import { send } from "../kit/http.ts";

test("whoever finds a hole is told whom to write to, by a file that is not out of date (RFC 9116)", async ({
  server,
}) => {
  const answer = await send(server, "GET /.well-known/security.txt");
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
  const fields = new Map(
    answer.text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/: (.*)/s) as [string, string]),
  );
  expect([...fields.keys()]).toEqual(["Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"]);
  expect(fields.get("Contact")).toMatch(/^mailto:[^@\s]+@[^@\s]+$/);
  const days = (Date.parse(fields.get("Expires") ?? "") - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(30);
  expect(days).toBeLessThan(365);
  const { settings } = await server.app();
  expect(fields.get("Canonical")).toBe(`${settings.APP_URL}/.well-known/security.txt`);
});
