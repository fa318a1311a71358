import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { readVectorLines } from "@/lib/testing/vectors.ts";
import { type Answer, send } from "../kit/http.ts";
import { pagesUnder } from "../kit/pages.ts";
import { claimsOf, makePerson, type Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { enterBrowser, expect, originOf, test } from "./fixtures.ts";

const ACCOUNT_PAGES = pagesUnder("account");
const ADMIN_PAGES = pagesUnder("admin");
const BUILD_ID = readFileSync(join(import.meta.dirname, "../../.next/BUILD_ID"), "utf8").trim();
/** The same pages by the address under which older routers ask for their data. */
const DATA_ROUTES = ["/account", "/account/sessions"].map((page) => `/_next/data/${BUILD_ID}${page}.json`);
const MIDDLEWARE = "src/middleware:middleware:proxy:src/proxy";

/** Headers by which requests have got past the guards of frameworks, or ask for something else than a page. */
const PROBES: Record<string, Record<string, string>> = {
  "no header": {},
  RSC: { rsc: "1" },
  "a prefetch": { rsc: "1", "next-router-prefetch": "1" },
  "a segment prefetch": { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
  "a browser's prefetch": { purpose: "prefetch", "sec-purpose": "prefetch" },
  "x-middleware-prefetch": { "x-middleware-prefetch": "1" },
  "x-middleware-subrequest": {
    "x-middleware-subrequest": [MIDDLEWARE, MIDDLEWARE, MIDDLEWARE, MIDDLEWARE, MIDDLEWARE].join(":"),
  },
  "x-middleware-next": { "x-middleware-next": "1" },
  "x-middleware-rewrite": { "x-middleware-rewrite": "/account" },
  "x-middleware-override-headers": {
    "x-middleware-override-headers": "cookie",
    "x-middleware-request-cookie": "keyturn_access=x",
  },
  "x-nextjs-data": { "x-nextjs-data": "1" },
  "x-invoke-path": { "x-invoke-path": "/account", "x-matched-path": "/account", "x-now-route-matches": "1" },
  "next-action": { "next-action": "00" },
  "our own header": { "x-keyturn-rotate": '"><script>alert(1)</script>', "x-nonce": "known" },
};

type Held = { cookie: string; access: string; refresh: string };

async function cookiesOf(site: Server, { email, password }: Person): Promise<Held> {
  const answer = await send(site, "POST /api/token", {
    json: { email, password },
    headers: { origin: originOf(site), "x-token-delivery": "cookie" },
  });
  expect(answer.status, answer.text).toBe(200);
  const pairs = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0] ?? "");
  const [access = "", refresh = ""] = ["access", "refresh"].map((kind) =>
    pairs.find((pair) => pair.startsWith(`keyturn_${kind}=`)),
  );
  return { cookie: `${access}; ${refresh}`, access, refresh };
}

/** What only the pages of somebody hold. */
async function privateTexts(site: Server, { id, email }: Person): Promise<string[]> {
  const { db } = await site.app();
  const rows = await db.$client<{ id: string }[]>`select id from sessions where user_id = ${id}`;
  return [email, id, ...rows.map((row) => row.id)];
}

/** Sends a request, and once more where the framework only asks for another spelling of the same address. */
async function ask(site: Server, call: string, headers: Record<string, string>): Promise<Answer> {
  const answer = await send(site, call, { headers });
  const [method, path = ""] = call.split(" ");
  const { location } = answer.headers;
  return location?.startsWith(`${path}?_rsc`) ? send(site, `${method} ${location}`, { headers }) : answer;
}

function expectNothingOf(answer: Answer, texts: string[], what: string): void {
  const whole = `${JSON.stringify(answer.headers)}${answer.text}`;
  for (const text of texts) expect(whole.includes(text), `${what}: ${text}`).toBe(false);
}

test("every page that needs a log-in is known here", () => {
  expect(ACCOUNT_PAGES).toContain("/account/sessions");
});

for (const [name, headers] of Object.entries(PROBES)) {
  test(`${name}: nobody gets a page of a person that is not, or no longer, theirs`, async ({
    site,
    person,
  }) => {
    test.setTimeout(180_000);
    const held = await cookiesOf(site, person);
    const theirs = await privateTexts(site, person);
    const { db } = await site.app();
    await db.$client`
      update sessions set revoked_at = now(), revoked_reason = 'revoked_by_owner' where user_id = ${person.id}`;
    for (const page of [...ACCOUNT_PAGES, ...ADMIN_PAGES, ...DATA_ROUTES]) {
      for (const cookie of ["", held.cookie, held.access, held.refresh]) {
        const all = { ...headers, ...(cookie && { cookie }) };
        const method = headers["next-action"] ? "POST" : "GET";
        const answer = await ask(site, `${method} ${page}`, all);
        expectNothingOf(answer, theirs, `${page} by ${name}`);
        expect(answer.text).not.toContain("<script>alert(1)");
        expect(answer.status, page).toBeLessThan(500);
        expect(answer.headers["cache-control"], page).toContain("no-store");
        if (method === "POST" || answer.status >= 400 || answer.text === "{}") continue;
        if (headers["next-router-prefetch"]) {
          expect(answer.text.length, "no more than the names of its folders").toBeLessThan(1_500);
          continue;
        }
        expect(`${answer.headers.location} ${answer.text}`, page).toContain("/login");
      }
    }
  });
}

test("an admin's pages show a plain user nothing of anybody, by whatever header", async ({
  site,
  person,
}) => {
  test.setTimeout(180_000);
  const other = await makePerson(site);
  const { cookie } = await cookiesOf(site, person);
  for (const [name, headers] of Object.entries(PROBES)) {
    for (const page of ADMIN_PAGES) {
      const target = page.replace(/0{8}-[\w-]+/, other.id);
      const answer = await ask(site, `GET ${target}`, { ...headers, cookie });
      expectNothingOf(answer, [other.email], `${page} by ${name}`);
    }
  }
});

test("neither a page nor its payload holds a token, its id, or a hash", async ({ site, person }) => {
  const held = await cookiesOf(site, person);
  const { db } = await site.app();
  const [row] = await db.$client`select password_hash from users where id = ${person.id}`;
  const tokens = [held.access, held.refresh].map((pair) => pair.split("=")[1] ?? "");
  const secrets = [
    ...tokens,
    ...tokens.map((token) => token.split(".")[2] ?? ""),
    ...tokens.map((token) => String(claimsOf(token).jti)),
    String(row?.password_hash),
    String(site.variables.SECRET_KEY),
    person.password,
    "$argon2id$",
  ];
  for (const secret of secrets) expect(secret.length).toBeGreaterThan(8);
  let shown = 0;
  for (const page of [...ACCOUNT_PAGES, "/login", "/", "/there-is-no-such-page"]) {
    for (const cookie of [held.cookie, held.refresh]) {
      for (const headers of [PROBES["no header"], PROBES.RSC]) {
        const answer = await ask(site, `GET ${page}`, { ...headers, cookie });
        if (answer.text.includes(person.email)) shown += 1;
        const body = { ...answer, headers: {} };
        expectNothingOf(body, secrets, page);
      }
    }
  }
  expect(shown, "pages that show the person").toBeGreaterThanOrEqual(4);
});

test("what the build gives to browsers holds no name of a secret, no server library and no source map", () => {
  const folder = join(import.meta.dirname, "../../.next/static");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => name.endsWith(".map"))).toEqual([]);
  const scripts = names.filter((name) => name.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(5);
  const settings = readFileSync(join(import.meta.dirname, "../../.env.example"), "utf8").match(
    /^#? ?[A-Z][A-Z_]{5,}(?==)/gm,
  );
  expect(settings?.length).toBeGreaterThan(10);
  const words = [
    ...(settings ?? []).map((name) => name.replace(/^# ?/, "")),
    "argon2",
    "drizzle",
    "postgres",
    "nodemailer",
    "password_hash",
    "passwordHash",
    "sourceMappingURL",
  ];
  const found: string[] = [];
  for (const script of scripts) {
    const text = readFileSync(join(folder, script), "utf8");
    for (const word of words) {
      if (new RegExp(`\\b${word}\\b`).test(text)) found.push(`${word} in ${script}`);
    }
  }
  expect(found).toEqual([]);
});

test.describe("texts that strangers choose", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
  ];

  test("are shown as text wherever they appear", async ({ page, site, person }) => {
    test.setTimeout(240_000);
    const lines = [...HOSTILE, ...readVectorLines("xss")].map((line) => line.replaceAll("\0", "").trim());
    const texts = [...new Set(lines)].filter(Boolean);
    await enterBrowser(page.context(), site, person);
    const broken = await listenForHarm(page);
    for (let from = 0; from < texts.length; from += 99) {
      const batch = texts.slice(from, from + 99);
      await giveDevices(site, person, batch);
      await page.goto("/account/sessions");
      await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
      expect(await page.evaluate(() => document.querySelectorAll("img, iframe, object, embed").length)).toBe(
        0,
      );
      const shown = await page.getByRole("heading", { level: 2 }).allTextContents();
      for (const text of batch) expect(shown).toContain(text);
      await page.goto("/account/activity");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }
    expect(await broken()).toEqual([]);
  });

  /** Devices of this person with these names and user agents, in place of those given before. */
  async function giveDevices(site: Server, { id }: Person, texts: string[]): Promise<void> {
    const { db } = await site.app();
    await db.$client`delete from sessions where user_id = ${id} and name is not null`;
    await db.$client`
      insert into sessions (id, user_id, generation, rotated_at, created_at, authenticated_at, last_seen_at,
        idle_expires_at, expires_at, amr, ip, user_agent, name, location)
      select gen_random_uuid(), s.user_id, 1, s.rotated_at, s.created_at, s.authenticated_at, s.last_seen_at,
        s.idle_expires_at, s.expires_at, s.amr, s.ip, t, t, t
      from (select * from sessions where user_id = ${id} limit 1) s, unnest(${texts}::text[]) t`;
    await db.$client`
      insert into audit_events (id, user_id, type, created_at, ip, user_agent, data)
      select gen_random_uuid(), ${id}, 'login.succeeded', now(), null, t, '{}'::jsonb from unnest(${texts}::text[]) t`;
  }

  /** Dialogs, script errors and whatever the policy had to stop. */
  async function listenForHarm(page: Page): Promise<() => Promise<string[]>> {
    const harm: string[] = [];
    page.on("dialog", (dialog) => {
      harm.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => harm.push(error.message));
    await page.exposeFunction("tellHarm", (text: string) => harm.push(text));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        (window as unknown as { tellHarm(text: string): void }).tellHarm(
          `${violatedDirective} ${blockedURI}`,
        );
      });
    });
    return async () => harm;
  }
});

test("a hundred devices are one page that is light, and that axe has nothing against", async ({
  page,
  site,
  person,
}) => {
  await enterBrowser(page.context(), site, person);
  const { db } = await site.app();
  await db.$client`
    insert into sessions (id, user_id, generation, rotated_at, created_at, authenticated_at, last_seen_at,
      idle_expires_at, expires_at, amr, ip, user_agent)
    select gen_random_uuid(), user_id, generation, rotated_at, created_at, authenticated_at, last_seen_at,
      idle_expires_at, expires_at, amr, ip, 'curl/8' from sessions, generate_series(1, 99) where user_id = ${person.id}`;
  await page.goto("/account/sessions");
  const list = page.getByRole("region", { name: "Devices that are logged in" });
  await expect(list.getByRole("listitem")).toHaveCount(100);
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(3_000);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("whoever asked for less motion gets none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/login");
  const moving = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("*")]
        .map((element) => getComputedStyle(element))
        .filter((style) => style.transitionDuration !== "0s" || style.animationDuration !== "0s"),
    );
  expect(await moving()).toEqual([]);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect((await moving()).length).toBeGreaterThan(0);
});
