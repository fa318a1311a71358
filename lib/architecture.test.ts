import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Rule, violations } from "./testing/architecture.ts";
import { parseSource, readProject } from "./testing/source-file.ts";

const CONFIGURATION = /^[\w-]+\.config\.[jt]s$/;
const ROUTE_FILE = /^app\/(.+\/)?route\.ts$/;

/** A made-up file: its path, and its text. */
type Planted = [path: string, text: string];

/**
 * Every rule of the house (design §1, §9.15), with files that break it and near misses that don't.
 *
 * Test code (*.test, *.spec, *.fixture, lib/testing, e2e, bench) may use what it needs as a witness or a peer: another
 * floor, jose to judge our tokens, SQL to look into tables, the environment. Two rules hold for it too: where the
 * present moment comes from, because tests move the clock, and names of files.
 */
const rules: (Rule & { breaks: Planted[]; allowed: Planted[] })[] = [
  {
    name: "Next.js stays at the edge",
    why: "everything below also runs in the API lane, on the command line and in tests",
    forbids: ["next"],
    except: [
      "app/",
      "components/",
      "lib/http/",
      "lib/start/",
      "next.config.js",
      "proxy.ts",
      "instrumentation.ts",
    ],
    breaks: [
      ["lib/auth/log-in.ts", 'import { cookies } from "next/headers";'],
      ["db/client.ts", 'import type { NextConfig } from "next";'],
    ],
    allowed: [
      ["lib/http/cookies.ts", 'import { cookies } from "next/headers";'],
      ["app/layout.tsx", 'import type { Metadata } from "next";'],
      ["components/form.tsx", 'import { useRouter } from "next/navigation";'],
      ["lib/start/serve.ts", 'await import("next");'],
      ["next.config.js", 'import withBundle from "next/bundle";'],
      ["proxy.ts", 'import { NextResponse } from "next/server";'],
      ["lib/auth/log-in.ts", 'import { next } from "./next.ts"; import "next-to-nothing";'],
    ],
  },
  {
    name: "lib/start starts Next and knows nothing else of it",
    why: "a request is Next's or the API lane's business, not the start's",
    within: ["lib/start/"],
    forbids: [/^next\//],
    breaks: [["lib/start/serve.ts", 'import { NextResponse } from "next/server";']],
    allowed: [
      ["lib/start/serve.ts", 'const { default: createNext } = await import("next");'],
      ["proxy.ts", 'import { NextResponse } from "next/server";'],
    ],
  },
  {
    name: "route handlers are plain Web functions",
    why: "the API lane calls them without Next",
    within: [ROUTE_FILE],
    forbids: ["next"],
    breaks: [["app/api/me/route.ts", 'import { NextResponse } from "next/server";']],
    allowed: [["app/login/page.tsx", 'import { redirect } from "next/navigation";']],
  },
  {
    name: "SQL stays in db/",
    why: "each query states its guarantee there",
    forbids: ["drizzle-orm", "postgres"],
    except: ["db/"],
    breaks: [
      ["lib/auth/log-in.ts", 'import { eq } from "drizzle-orm";'],
      ["lib/rate-limit.ts", 'import { pgTable } from "drizzle-orm/pg-core";'],
      ["cli/doctor.ts", 'import postgres from "postgres";'],
    ],
    allowed: [
      ["db/queries/users.ts", 'import { eq } from "drizzle-orm";'],
      ["drizzle.config.ts", 'import { defineConfig } from "drizzle-kit";'],
      ["lib/auth/log-in.db.test.ts", 'import { sql } from "drizzle-orm";'],
    ],
  },
  {
    name: "jose stays in lib/tokens/",
    why: "one place decides what a good token is",
    forbids: ["jose"],
    except: ["lib/tokens/"],
    breaks: [["lib/http/bearer.ts", 'import { jwtVerify } from "jose/jwt/verify";']],
    allowed: [
      ["lib/tokens/jwt.ts", 'import { CompactSign } from "jose";'],
      ["bench/refresh.ts", 'import { SignJWT } from "jose";'],
    ],
  },
  {
    name: "mail goes out of lib/mail/",
    why: "messages wait in the outbox, and the request never waits for a provider",
    forbids: ["resend", "nodemailer", "@react-email"],
    except: ["lib/mail/"],
    breaks: [
      ["lib/auth/register.ts", 'import { Resend } from "resend";'],
      ["cli/doctor.ts", 'const mailer = await import("nodemailer/lib/smtp-connection");'],
      ["lib/auth/register.ts", 'import { render } from "@react-email/render";'],
    ],
    allowed: [
      ["lib/mail/smtp.ts", 'import nodemailer from "nodemailer";'],
      ["app/api/register/resend/route.ts", 'import { resend } from "@/lib/auth/resend-code.ts";'],
    ],
  },
  {
    name: "argon2 stays in lib/passwords.ts",
    why: "its cost is bounded there",
    forbids: ["@node-rs/argon2"],
    except: ["lib/passwords.ts"],
    breaks: [["lib/auth/log-in.ts", 'import { verify } from "@node-rs/argon2";']],
    allowed: [["lib/passwords.ts", 'import { hash, verify } from "@node-rs/argon2";']],
  },
  {
    name: "bowser stays in lib/describe-device.ts",
    why: "devices are described in one way",
    forbids: ["bowser"],
    except: ["lib/describe-device.ts"],
    breaks: [["components/device.tsx", 'import Bowser from "bowser";']],
    allowed: [
      ["lib/describe-device.ts", 'import Bowser from "bowser";'],
      ["components/browser.tsx", 'import { browser } from "./browser.ts";'],
    ],
  },
  {
    name: "pino stays in lib/log.ts",
    why: "one log, which nothing secret is handed to",
    forbids: ["pino"],
    except: ["lib/log.ts"],
    breaks: [["lib/http/route.ts", 'import { pino } from "pino";']],
    allowed: [
      ["lib/log.ts", 'import { pino } from "pino";'],
      ["lib/http/route.ts", 'import { log } from "@/lib/log.ts";'],
    ],
  },
  {
    name: "prom-client stays in lib/metrics.ts",
    why: "one place decides what is counted, under which few labels",
    forbids: ["prom-client"],
    except: ["lib/metrics.ts"],
    breaks: [["lib/http/api-lane.ts", 'import { Counter } from "prom-client";']],
    allowed: [
      ["lib/metrics.ts", 'import { Registry } from "prom-client";'],
      ["lib/start/serve.ts", 'import { createMetrics } from "../metrics.ts";'],
    ],
  },
  {
    name: "commander stays in cli/",
    why: "verbs don't know that there is a command line",
    forbids: ["commander"],
    except: ["cli/"],
    breaks: [["server.ts", 'import { program } from "commander";']],
    allowed: [["cli/keyturn.ts", 'import { program } from "commander"; import { z } from "zod";']],
  },
  {
    name: "node:crypto stays in lib/crypto.ts",
    why: "each primitive is chosen once, with its reason",
    forbids: ["node:crypto", "Math.random"],
    except: ["lib/crypto.ts"],
    breaks: [
      ["lib/codes.ts", 'import { randomInt } from "node:crypto";'],
      ["db/embedded/lock.ts", 'const { randomUUID } = require("crypto");'],
      ["lib/codes.ts", "export const code = Math.random();"],
    ],
    allowed: [
      ["lib/crypto.ts", 'export { randomUUID } from "node:crypto";'],
      ["lib/codes.ts", 'import { randomDigits } from "./crypto.ts";'],
      ["lib/tokens/jwt.test.ts", 'import { createHmac } from "node:crypto";'],
    ],
  },
  {
    name: "the environment is read in lib/env.ts",
    why: "settings are parsed once, and a bad one stops the start",
    forbids: ["process.env", "process.loadEnvFile", "node:process"],
    except: ["lib/env.ts", CONFIGURATION],
    breaks: [
      ["lib/mail/smtp.ts", "export const url = process.env.SMTP_URL;"],
      ["lib/mail/smtp.ts", 'export const url = globalThis.process?.["env"].SMTP_URL;'],
      ["cli/keyturn.ts", "const { env } = process;"],
      ["cli/keyturn.ts", 'process.loadEnvFile(".env");'],
      ["cli/keyturn.ts", 'import { env } from "node:process";'],
    ],
    allowed: [
      ["lib/env.ts", "parseSettings(process.env);"],
      ["playwright.config.ts", "export default { retries: process.env.CI ? 1 : 0 };"],
      ["lib/testing/database-server.ts", "const given = process.env.TEST_DATABASE_URL;"],
      ["cli/keyturn.ts", 'process.exitCode = 1; console.log("set process.env.PORT");'],
    ],
  },
  {
    name: "the present moment comes from lib/clock.ts",
    why: "time is an argument, which tests move; pass a Clock or `now`, and time how long with performance.now()",
    forbids: ["Date.now", "new Date()"],
    except: ["lib/clock.ts", "lib/clock.test.ts", "e2e/", "bench/"],
    testsToo: true,
    breaks: [
      ["lib/auth/log-in.ts", "export const at = Date.now();"],
      ["db/queries/users.ts", "export const at = new Date();"],
      ["lib/auth/log-in.db.test.ts", "const now = new Date;"],
      ["components/ago.tsx", "export const Ago = () => <time>{Date()}</time>;"],
    ],
    allowed: [
      ["lib/clock.ts", "export const systemClock = { now: () => new Date() };"],
      ["lib/clock.test.ts", "const before = Date.now();"],
      ["e2e/log-in.spec.ts", "const before = Date.now();"],
      ["bench/run.ts", "const report = { at: new Date() };"],
      ["lib/auth/log-in.ts", "export const at = clock.now(); const ms = performance.now();"],
    ],
  },
  {
    name: "an instant is made in lib/clock.ts",
    why: "instant() and secondsAfter() say what their argument is",
    forbids: ["new Date(…)"],
    except: ["lib/clock.ts", "db/queries/time.ts"],
    breaks: [
      ["lib/auth/register.ts", "export const end = new Date(now.getTime() + 1000);"],
      ["db/queries/sessions.ts", "export const at = new Date(row.at);"],
    ],
    allowed: [
      ["lib/clock.ts", "export const instant = (text: string) => new Date(text);"],
      ["db/queries/time.ts", "export const at = new Date(row.now);"],
      ["lib/auth/register.ts", 'import { instant } from "@/lib/clock.ts"; function f(at: Date) {}'],
    ],
  },
  {
    name: "nobody imports app/",
    why: "the edge decides nothing that another could need",
    forbids: ["app/"],
    except: ["app/"],
    breaks: [
      ["lib/http/route-table.ts", 'import { POST } from "@/app/api/token/route.ts";'],
      ["components/form.tsx", 'import Page from "../app/page.tsx";'],
      ["lib/http/route.ts", 'import("../../app/page.tsx");'],
    ],
    allowed: [
      ["app/api/logout_token/route.ts", 'export { POST } from "@/app/logout_token/route.ts";'],
      ["lib/auth/log-in.ts", 'import type { App } from "../app.ts";'],
    ],
  },
  {
    name: "lib/contract and lib/browser run in a browser",
    why: "pages ship them; they hold what crosses the wire and nothing of the server",
    within: ["lib/contract/", "lib/browser/"],
    importsOnly: ["zod", "@zxcvbn-ts/core", "@zxcvbn-ts/language-common", "lib/contract/", "lib/browser/"],
    forbids: [/^(process|Buffer)\./],
    breaks: [
      ["lib/contract/tokens.ts", 'import type { User } from "@/db/queries/users.ts";'],
      ["lib/browser/fetch.ts", 'import { isIP } from "node:net";'],
      ["lib/browser/fetch.ts", 'import { endReason } from "../auth/end-reason.ts";'],
      ["lib/contract/pages.ts", 'export const cursor = Buffer.from("{}");'],
    ],
    allowed: [
      ["lib/browser/fetch.ts", 'import { errors } from "@/lib/contract/errors.ts"; import { z } from "zod";'],
      ["lib/browser/fetch.ts", 'import { refreshOnce } from "./refresh-once.ts";'],
      ["lib/contract/pages.ts", 'import { failure } from "./errors.ts"; btoa("{}");'],
    ],
  },
  {
    name: "db/ is the lowest floor",
    why: "arrows go downward; only the clock and the primitives lie beside it",
    within: ["db/"],
    forbids: ["components/", /^lib\/(?!(clock|crypto)\.ts$)/],
    breaks: [
      ["db/queries/users.ts", 'import type { Principal } from "@/lib/auth/principal.ts";'],
      ["db/client.ts", 'import { log } from "../lib/log.ts";'],
      ["db/schema.ts", 'import { roles } from "@/components/roles.ts";'],
    ],
    allowed: [
      ["db/embedded/lock.ts", 'import { randomToken } from "../../lib/crypto.ts";'],
      ["db/queries/users.ts", 'import { instant } from "@/lib/clock.ts";'],
      ["lib/audit.ts", 'import { log } from "./log.ts";'],
    ],
  },
  {
    name: "verbs know nothing of HTTP, the start or pages",
    why: "the command line, both lanes and tests call the same verb",
    within: ["lib/auth/"],
    forbids: ["components/", "lib/http/", "lib/start/"],
    breaks: [
      ["lib/auth/log-in.ts", 'import { respond } from "@/lib/http/respond.ts";'],
      ["lib/auth/log-in.ts", 'export * from "../start/serve.ts";'],
      ["lib/auth/log-in.ts", 'type Props = import("@/components/form.tsx").Props;'],
    ],
    allowed: [
      [
        "lib/auth/log-in.ts",
        'import { failure } from "@/lib/contract/errors.ts"; // as lib/http/respond.ts says',
      ],
      ["lib/http/route.ts", 'import { respond } from "@/lib/http/respond.ts";'],
    ],
  },
  {
    name: "components get props",
    why: "a component asks no database, verb or key; the page hands it what to show",
    within: ["components/"],
    forbids: ["db/", "lib/auth/", "lib/tokens/"],
    breaks: [
      ["components/devices.tsx", 'import type { Session } from "@/db/queries/sessions.ts";'],
      ["components/devices.tsx", 'import { listSessions } from "@/lib/auth/list-sessions.ts";'],
      ["components/devices.tsx", 'import { checkClaims } from "../lib/tokens/claims.ts";'],
    ],
    allowed: [
      ["app/account/page.tsx", 'import { listSessions } from "@/lib/auth/list-sessions.ts";'],
      ["components/devices.tsx", 'import type { PublicSession } from "@/lib/contract/sessions.ts";'],
      ["components/devices.tsx", 'export const A = () => <p>import x from "@/lib/auth/log-in.ts"</p>;'],
    ],
  },
  {
    name: "lib/tokens is pure",
    why: "a format knows no database, setting, clock or request",
    within: ["lib/tokens/"],
    importsOnly: ["lib/tokens/", "lib/crypto.ts", "lib/clock.ts", "jose", "zod"],
    breaks: [
      ["lib/tokens/keys.ts", 'import type { Settings } from "../env.ts";'],
      ["lib/tokens/keys.ts", 'import { readFileSync } from "node:fs";'],
    ],
    allowed: [
      ["lib/tokens/keys.ts", 'import { exportJWK } from "jose"; import { hmac } from "../crypto.ts";'],
      ["lib/tokens/claims.ts", 'import { z } from "zod"; import "../clock.ts"; import "./jwt.ts";'],
      ["lib/secret-key.ts", 'import { readFileSync } from "node:fs";'],
    ],
  },
  {
    name: "what ships knows no test code",
    why: "test code is not part of the product",
    forbids: ["lib/testing/", "e2e/", "bench/", "vitest", "@playwright/test", "@testing-library", "jsdom"],
    except: [CONFIGURATION],
    breaks: [
      ["lib/auth/log-in.ts", 'import { createTestClock } from "@/lib/testing/world.ts";'],
      ["lib/clock.ts", 'import { vi } from "vitest";'],
      ["cli/doctor.ts", 'import { measure } from "@/bench/measure.ts";'],
      ["app/page.tsx", 'import { people } from "@/e2e/people.ts";'],
      ["proxy.ts", 'import { chromium } from "@playwright/test";'],
      ["components/field.tsx", 'import { screen } from "@testing-library/react";'],
      ["lib/browser/call.ts", 'import { JSDOM } from "jsdom";'],
    ],
    allowed: [
      ["lib/auth/log-in.test.ts", 'import { createTestClock } from "@/lib/testing/world.ts";'],
      ["components/field.test.tsx", 'import { screen } from "@testing-library/react";'],
      ["playwright.config.ts", 'import { browser } from "./e2e/browser.ts"; import "@playwright/test";'],
    ],
  },
  {
    name: "imports name their module",
    why: "these rules can't judge a computed one; the route table is made from folders",
    forbids: ["import(…)"],
    except: ["lib/http/route-table.ts"],
    breaks: [["lib/auth/log-in.ts", "await import(name);"]],
    allowed: [
      ["lib/auth/log-in.ts", 'await import("./log-out.ts"); await import(`./log-out.ts`);'],
      ["lib/http/route-table.ts", "await import(pathToFileURL(file).href);"],
    ],
  },
  {
    name: "a route file has at most 30 lines",
    why: "it parses, calls one verb and answers",
    within: [ROUTE_FILE],
    maxLines: 30,
    breaks: [["app/api/me/route.ts", "step();\n".repeat(31)]],
    allowed: [
      ["app/api/me/route.ts", "step();\n".repeat(30)],
      ["app/page.tsx", "step();\n".repeat(31)],
    ],
  },
  {
    name: "a lib file has at most 150 lines",
    why: "longer ones hold two things (design §9.15)",
    within: ["lib/"],
    maxLines: 150,
    breaks: [["lib/auth/log-in.ts", "step();\n".repeat(151)]],
    allowed: [
      ["lib/auth/log-in.ts", "step();\n".repeat(150)],
      ["lib/auth/log-in.db.test.ts", "step();\n".repeat(151)],
      ["db/schema.ts", "step();\n".repeat(151)],
    ],
  },
  {
    name: "a component file has at most 120 lines",
    why: "longer ones are two components (design §9.15)",
    within: ["components/"],
    maxLines: 120,
    breaks: [["components/form.tsx", "step();\n".repeat(121)]],
    allowed: [
      ["components/form.tsx", "step();\n".repeat(120)],
      ["lib/auth/log-in.ts", "step();\n".repeat(121)],
    ],
  },
  {
    name: "no drawer for odds and ends",
    why: "a file is named after what it does",
    within: [/(^|[/.-])(utils?|helpers?|misc|managers?)([/.-]|$)/i],
    testsToo: true,
    absent: true,
    breaks: [
      ["lib/utils.ts", ""],
      ["lib/auth/session-manager.ts", ""],
      ["e2e/helpers/log-in.ts", ""],
      ["components/misc.tsx", ""],
    ],
    allowed: [
      ["lib/auth/manage-devices.ts", ""],
      ["app/admin/page.tsx", ""],
    ],
  },
];

const project = readProject(join(import.meta.dirname, ".."));

describe.each(rules)("$name", (rule) => {
  it.each(rule.breaks.map(titled))("reports a planted violation in $title", ({ path, text }) => {
    expect(violations(rule, [parseSource(path, text)])).toEqual([expect.stringContaining(rule.why)]);
  });

  it.each(rule.allowed.map(titled))("lets pass $title", ({ path, text }) => {
    expect(violations(rule, [parseSource(path, text)])).toEqual([]);
  });

  it("has no violation in this project", () => {
    expect(violations(rule, project)).toEqual([]);
  });
});

function titled([path, text]: Planted) {
  return { path, text, title: `${path}: ${text.split("\n")[0]}` };
}

describe("what counts as an import", () => {
  it.each([
    'import "jose";',
    'import jose, { type JWK } from "jose";',
    'import type { JWK } from "jose";',
    'import\n  * as jose\nfrom /* here */ "jose";',
    'import data from "jose" with { type: "json" };',
    'import jose = require("jose");',
    'export * from "jose";',
    'export type { JWK } from "jose";',
    'const jose = await import("jose");',
    "const jose = await import(`jose`);",
    'const jose = require("jose");',
    'type Key = import("jose").JWK;',
    'type Jose = typeof import("jose");',
    'export const a = <T,>(x: T) => x as T; class A { #x = import("jose") }',
  ])("%s", (text) => {
    expect(importsOf(text)).toEqual(["jose"]);
  });

  it.each([
    '// import jose from "jose";',
    '/* export * from "jose"; require("jose") */',
    "const text = 'import jose from \"jose\"';",
    'const text = `import("jose") require("jose")`;',
    'const expression = /import "jose"/;',
    'const important = { import: "jose", from: "jose" };',
    'export const jose = "jose"; export { text };',
    'loader.require("jose");',
  ])("nothing in %s", (text) => {
    expect(importsOf(text)).toEqual([]);
  });

  it("knows one file by its alias and by its relative path", () => {
    expect(importsOf('import "../env.ts"; import "@/lib/env.ts"; import "./../../lib/env.ts";')).toEqual([
      "lib/env.ts",
      "lib/env.ts",
      "lib/env.ts",
    ]);
  });

  function importsOf(text: string): string[] {
    const { uses } = parseSource("lib/auth/planted.ts", text);
    return uses.filter(({ imported }) => imported).map(({ name }) => name);
  }
});

it("the project is read whole: top files, every floor, hidden route folders, JavaScript", () => {
  expect(project.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "server.ts",
      "next.config.js",
      "app/.well-known/jwks.json/route.ts",
      "app/layout.tsx",
      "db/queries/sessions.ts",
      "lib/architecture.test.ts",
    ]),
  );
  expect(project.filter(({ path }) => /node_modules|\.next\//.test(path))).toEqual([]);
});
