import { expect, test } from "./fixtures.ts";
import { expectAnswer, PAIR, refused } from "./kit/expect-answer.ts";
import { type Sending, send } from "./kit/http.ts";
import { makePerson, type Pair, type Person } from "./kit/people.ts";
import type { Server } from "./kit/server.ts";

type Encode = (fields: Record<string, string>) => Sending;
const encodings: [string, Encode][] = [
  ["as JSON", (fields) => ({ json: fields })],
  ["as a form", (fields) => ({ form: fields })],
];
const slashes = [
  ["with trailing slashes", "/"],
  ["without trailing slashes", ""],
] as const;

for (const [encoded, encode] of encodings) {
  for (const [slashed, slash] of slashes) {
    test(`a developer types the tutorial's session ${encoded}, ${slashed}`, async ({ server }) => {
      const person = await makePerson(server);
      const post = (path: string, fields: Record<string, string>, bearer?: string) =>
        send(server, `POST ${path}${slash}`, { ...encode(fields), ...(bearer && { bearer }) });

      const first = await obtainPair(server, post, person);
      const refreshed = await post("/api/token/refresh", { refresh: first.refresh });
      expectAnswer(refreshed, 200, PAIR);
      const second = refreshed.body as Pair;
      expect(second.access).not.toBe(first.access);
      expect(second.refresh).not.toBe(first.refresh);

      const again = await post("/api/token/refresh", { refresh: first.refresh });
      expectAnswer(again, 401, refused("Token is blacklisted", "rotated"));
      const goesOn = await post("/api/token/refresh", { refresh: second.refresh });
      expectAnswer(goesOn, 200, PAIR);

      const third = await obtainPair(server, post, person);
      const goodbye = await post("/logout_token", { refresh_token: third.refresh }, third.access);
      expectAnswer(goodbye, 200, { status: "OK, goodbye" });
      const afterwards = await post("/api/token/refresh", { refresh: third.refresh });
      expectAnswer(afterwards, 401, refused("Token is blacklisted", "logged_out"));

      const phone = await obtainPair(server, post, person);
      const laptop = await obtainPair(server, post, person);
      const everywhere = await post("/logout_token", { all: "1" }, laptop.access);
      expectAnswer(everywhere, 200, { status: "OK, goodbye, all refresh tokens blacklisted" });
      for (const { refresh } of [phone, laptop]) {
        const answer = await post("/api/token/refresh", { refresh });
        expectAnswer(answer, 401, refused("Token is blacklisted", "logged_out_everywhere"));
      }
    });
  }
}

type Post = (path: string, fields: Record<string, string>) => ReturnType<typeof send>;

async function obtainPair(server: Server, post: Post, { id, email, password }: Person): Promise<Pair> {
  const answer = await post("/api/token", { email, password });
  expectAnswer(answer, 200, PAIR);
  const pair = answer.body as Pair;
  const me = await send(server, "GET /api/me", { bearer: pair.access });
  expect(me.body).toMatchObject({ id, email });
  return pair;
}
