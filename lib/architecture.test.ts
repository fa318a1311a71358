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
      ["lib/auth/log-in/log-in.ts", 'import { cookies } from "next/headers";'],
      ["db/client.ts", 'import type { NextConfig } from "next";'],
    ],
    allowed: [
      ["lib/http/request/cookies.ts", 'import { cookies } from "next/headers";'],
      ["app/layout.tsx", 'import type { Metadata } from "next";'],
      ["components/form.tsx", 'import { useRouter } from "next/navigation";'],
      ["lib/start/serve.ts", 'await import("next");'],
      ["next.config.js", 'import withBundle from "next/bundle";'],
      ["proxy.ts", 'import { NextResponse } from "next/server";'],
      ["lib/auth/log-in/log-in.ts", 'import { next } from "./next.ts"; import "next-to-nothing";'],
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
      ["lib/auth/log-in/log-in.ts", 'import { eq } from "drizzle-orm";'],
      ["lib/auth/limits/rate-limit.ts", 'import { pgTable } from "drizzle-orm/pg-core";'],
      ["cli/doctor.ts", 'import postgres from "postgres";'],
    ],
    allowed: [
      ["db/queries/users.ts", 'import { eq } from "drizzle-orm";'],
      ["drizzle.config.ts", 'import { defineConfig } from "drizzle-kit";'],
      ["lib/auth/log-in/log-in.db.test.ts", 'import { sql } from "drizzle-orm";'],
    ],
  },
  {
    name: "jose stays in lib/tokens/, and in packages/verify for other services",
    why: "one place decides what a good token is",
    forbids: ["jose"],
    except: ["lib/tokens/", "packages/verify/"],
    breaks: [["lib/http/bearer.ts", 'import { jwtVerify } from "jose/jwt/verify";']],
    allowed: [
      ["lib/tokens/jwt.ts", 'import { CompactSign } from "jose";'],
      ["packages/verify/read-token.js", 'import { jwtVerify } from "jose";'],
      ["bench/refresh.ts", 'import { SignJWT } from "jose";'],
    ],
  },
  {
    name: "mail goes out of lib/mail/",
    why: "messages wait in the outbox, and the request never waits for a provider",
    forbids: ["resend", "nodemailer", "@react-email"],
    except: ["lib/mail/"],
    breaks: [
      ["lib/auth/registration/register.ts", 'import { Resend } from "resend";'],
      ["cli/doctor.ts", 'const mailer = await import("nodemailer/lib/smtp-connection");'],
      ["lib/auth/registration/register.ts", 'import { render } from "@react-email/render";'],
    ],
    allowed: [
      ["lib/mail/smtp.ts", 'import nodemailer from "nodemailer";'],
      ["app/api/register/resend/route.ts", 'import { resend } from "@/lib/auth/factors/resend-code.ts";'],
    ],
  },
  {
    name: "argon2 stays in lib/passwords/hashing-thread.js",
    why: "its cost is bounded there, and comes after everything else",
    forbids: ["@node-rs/argon2"],
    except: ["lib/passwords/hashing-thread.js"],
    breaks: [
      ["lib/auth/log-in/log-in.ts", 'import { verify } from "@node-rs/argon2";'],
      ["lib/passwords/hash.ts", 'import { hash } from "@node-rs/argon2";'],
    ],
    allowed: [["lib/passwords/hashing-thread.js", 'import { hashSync } from "@node-rs/argon2";']],
  },
  {
    name: "bowser stays in lib/base/describe-device.ts",
    why: "devices are described in one way",
    forbids: ["bowser"],
    except: ["lib/base/describe-device.ts"],
    breaks: [["components/device.tsx", 'import Bowser from "bowser";']],
    allowed: [
      ["lib/base/describe-device.ts", 'import Bowser from "bowser";'],
      ["components/browser.tsx", 'import { browser } from "./browser.ts";'],
    ],
  },
  {
    name: "otpauth stays in lib/auth/factors/totp.ts",
    why: "one place knows how an authenticator app counts",
    forbids: ["otpauth"],
    except: ["lib/auth/factors/totp.ts"],
    breaks: [["lib/auth/log-in/log-in.ts", 'import { TOTP } from "otpauth";']],
    allowed: [["lib/auth/factors/totp.ts", 'import { TOTP } from "otpauth";']],
  },
  {
    name: "WebAuthn stays in lib/auth/factors/passkey.ts, and in a browser in lib/browser/passkeys.ts",
    why: "one place decides which passkey is a good one; it is heavy, and loaded when the first one comes",
    forbids: ["@simplewebauthn"],
    except: ["lib/auth/factors/passkey.ts", "lib/browser/passkeys.ts"],
    breaks: [
      ["app/api/passkeys/route.ts", 'import { verifyRegistrationResponse } from "@simplewebauthn/server";'],
    ],
    allowed: [
      [
        "lib/auth/factors/passkey.ts",
        'import type { RegistrationResponseJSON } from "@simplewebauthn/server";',
      ],
      ["lib/browser/passkeys.ts", 'import("@simplewebauthn/browser");'],
    ],
  },
  {
    name: "uqr stays in components/account/qr-code.tsx",
    why: "QR codes are drawn in one way",
    forbids: ["uqr"],
    except: ["components/account/qr-code.tsx"],
    breaks: [["app/account/security/page.tsx", 'import { renderSVG } from "uqr";']],
    allowed: [["components/account/qr-code.tsx", 'import { encode } from "uqr";']],
  },
  {
    name: "pino stays in lib/base/log.ts",
    why: "one log, which nothing secret is handed to",
    forbids: ["pino"],
    except: ["lib/base/log.ts"],
    breaks: [["lib/http/routes/route.ts", 'import { pino } from "pino";']],
    allowed: [
      ["lib/base/log.ts", 'import { pino } from "pino";'],
      ["lib/http/routes/route.ts", 'import { log } from "@/lib/base/log.ts";'],
    ],
  },
  {
    name: "prom-client stays in lib/metrics/counters.ts",
    why: "one place decides what is counted, under which few labels",
    forbids: ["prom-client"],
    except: ["lib/metrics/counters.ts"],
    breaks: [["lib/http/lanes/api-lane.ts", 'import { Counter } from "prom-client";']],
    allowed: [
      ["lib/metrics/counters.ts", 'import { Registry } from "prom-client";'],
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
    name: "node:crypto stays in lib/base/crypto.ts",
    why: "each primitive is chosen once, with its reason",
    forbids: ["node:crypto", "Math.random"],
    except: ["lib/base/crypto.ts"],
    breaks: [
      ["lib/auth/factors/email-code.ts", 'import { randomInt } from "node:crypto";'],
      ["db/embedded/lock.ts", 'const { randomUUID } = require("crypto");'],
      ["lib/auth/factors/email-code.ts", "export const code = Math.random();"],
    ],
    allowed: [
      ["lib/base/crypto.ts", 'export { randomUUID } from "node:crypto";'],
      ["lib/auth/factors/email-code.ts", 'import { randomDigits } from "./crypto.ts";'],
      ["lib/tokens/jwt.test.ts", 'import { createHmac } from "node:crypto";'],
    ],
  },
  {
    name: "the environment is read in lib/settings/env.ts",
    why: "settings are parsed once, and a bad one stops the start",
    forbids: ["process.env", "process.loadEnvFile", "node:process"],
    except: ["lib/settings/env.ts", "instrumentation.ts", CONFIGURATION],
    breaks: [
      ["lib/mail/smtp.ts", "export const url = process.env.SMTP_URL;"],
      ["lib/mail/smtp.ts", 'export const url = globalThis.process?.["env"].SMTP_URL;'],
      ["cli/keyturn.ts", "const { env } = process;"],
      ["cli/keyturn.ts", 'process.loadEnvFile(".env");'],
      ["cli/keyturn.ts", 'import { env } from "node:process";'],
    ],
    allowed: [
      ["lib/settings/env.ts", "parseSettings(process.env);"],
      ["playwright.config.ts", "export default { retries: process.env.CI ? 1 : 0 };"],
      ["lib/testing/database-server.ts", "const given = process.env.TEST_DATABASE_URL;"],
      ["cli/keyturn.ts", 'process.exitCode = 1; console.log("set process.env.PORT");'],
    ],
  },
  {
    name: "the present moment comes from lib/base/clock.ts",
    why: "time is an argument, which tests move; pass a Clock or `now`, and time how long with performance.now()",
    forbids: ["Date.now", "new Date()"],
    except: ["lib/base/clock.ts", "lib/base/clock.test.ts", "packages/verify/time.js", "e2e/", "bench/"],
    testsToo: true,
    breaks: [
      ["lib/auth/log-in/log-in.ts", "export const at = Date.now();"],
      ["db/queries/users.ts", "export const at = new Date();"],
      ["lib/auth/log-in/log-in.db.test.ts", "const now = new Date;"],
      ["components/ago.tsx", "export const Ago = () => <time>{Date()}</time>;"],
      ["packages/verify/follow-feed.js", "export const at = Date.now();"],
    ],
    allowed: [
      ["lib/base/clock.ts", "export const systemClock = { now: () => new Date() };"],
      ["packages/verify/time.js", "export const systemTime = { now: () => new Date() };"],
      ["lib/base/clock.test.ts", "const before = Date.now();"],
      ["e2e/log-in.spec.ts", "const before = Date.now();"],
      ["bench/run.ts", "const report = { at: new Date() };"],
      ["lib/auth/log-in/log-in.ts", "export const at = clock.now(); const ms = performance.now();"],
    ],
  },
  {
    name: "an instant is made in lib/base/clock.ts",
    why: "instant() and secondsAfter() say what their argument is",
    forbids: ["new Date(…)"],
    except: ["lib/base/clock.ts", "db/queries/time.ts"],
    breaks: [
      ["lib/auth/registration/register.ts", "export const end = new Date(now.getTime() + 1000);"],
      ["db/queries/sessions.ts", "export const at = new Date(row.at);"],
    ],
    allowed: [
      ["lib/base/clock.ts", "export const instant = (text: string) => new Date(text);"],
      ["db/queries/time.ts", "export const at = new Date(row.now);"],
      [
        "lib/auth/registration/register.ts",
        'import { instant } from "@/lib/base/clock.ts"; function f(at: Date) {}',
      ],
    ],
  },
  {
    name: "nobody imports app/",
    why: "the edge decides nothing that another could need",
    forbids: ["app/"],
    except: ["app/"],
    breaks: [
      ["lib/http/lanes/route-table.ts", 'import { POST } from "@/app/api/token/route.ts";'],
      ["components/form.tsx", 'import Page from "../app/page.tsx";'],
      ["lib/http/routes/route.ts", 'import("../../../app/page.tsx");'],
    ],
    allowed: [
      ["app/api/logout_token/route.ts", 'export { POST } from "@/app/logout_token/route.ts";'],
      ["lib/auth/log-in/log-in.ts", 'import type { App } from "../app.ts";'],
    ],
  },
  {
    name: "lib/contract and lib/browser run in a browser",
    why: "pages ship them; they hold what crosses the wire and nothing of the server",
    within: ["lib/contract/", "lib/browser/"],
    importsOnly: [
      "zod",
      "@zxcvbn-ts/core",
      "@zxcvbn-ts/language-common",
      "@simplewebauthn/browser",
      "lib/contract/",
      "lib/browser/",
      "lib/auth/limits/lifetimes.ts",
    ],
    forbids: [/^(process|Buffer)\./],
    breaks: [
      ["lib/contract/tokens.ts", 'import type { User } from "@/db/queries/users.ts";'],
      ["lib/browser/fetch.ts", 'import { isIP } from "node:net";'],
      ["lib/browser/fetch.ts", 'import { endReason } from "../auth/end-reason.ts";'],
      ["lib/browser/fetch.ts", 'import { rateLimit } from "@/lib/auth/limits/rate-limit.ts";'],
      ["lib/contract/pages.ts", 'export const cursor = Buffer.from("{}");'],
    ],
    allowed: [
      ["lib/browser/fetch.ts", 'import { errors } from "@/lib/contract/errors.ts"; import { z } from "zod";'],
      ["lib/browser/fetch.ts", 'import { refreshOnce } from "./refresh-once.ts";'],
      [
        "lib/browser/fetch.ts",
        'import { RETRY_KEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";',
      ],
      ["lib/contract/pages.ts", 'import { failure } from "./errors.ts"; btoa("{}");'],
    ],
  },
  {
    name: "db/ is the lowest floor",
    why: "arrows go downward; only the clock, the primitives and folders lie beside it",
    within: ["db/"],
    forbids: ["components/", /^lib\/(?!base\/(clock|crypto|make-folder)\.ts$)/],
    breaks: [
      ["db/queries/users.ts", 'import type { Principal } from "@/lib/auth/sessions/principal.ts";'],
      ["db/client.ts", 'import { log } from "../lib/base/log.ts";'],
      ["db/schema.ts", 'import { roles } from "@/components/roles.ts";'],
    ],
    allowed: [
      ["db/embedded/lock.ts", 'import { randomToken } from "../../lib/base/crypto.ts";'],
      ["db/queries/users.ts", 'import { instant } from "@/lib/base/clock.ts";'],
      ["lib/audit/record.ts", 'import { log } from "./log.ts";'],
    ],
  },
  {
    name: "verbs know nothing of HTTP, the start or pages",
    why: "the command line, both lanes and tests call the same verb",
    within: ["lib/auth/"],
    forbids: [
      "components/",
      "lib/http/",
      "lib/start/",
      "URLSearchParams",
      "Request",
      "Response",
      "Headers",
      /^"\//,
    ],
    breaks: [
      ["lib/auth/admin/list-users.ts", "export function listUsers(query: URLSearchParams) {}"],
      ["lib/auth/admin/list-users.ts", "const filter = Object.fromEntries(new URLSearchParams(text));"],
      ["lib/auth/log-in/log-in.ts", "export type Input = { headers: Headers };"],
      ["lib/auth/log-in/log-in.ts", 'const sessionsUrl = "/account/sessions";'],
      ["lib/auth/password/forgot-password.ts", "const path = `/reset-password?token=`;"],
      ["lib/auth/log-in/log-in.ts", 'import { respond } from "@/lib/http/answer/respond.ts";'],
      ["lib/auth/log-in/log-in.ts", 'export * from "../../start/serve.ts";'],
      ["lib/auth/log-in/log-in.ts", 'type Props = import("@/components/form.tsx").Props;'],
    ],
    allowed: [
      [
        "lib/auth/log-in/log-in.ts",
        'import { failure } from "@/lib/contract/errors.ts"; // as lib/http/answer/respond.ts says',
      ],
      ["lib/auth/admin/list-users.ts", 'const both = "and/or"; const of = 1 / 2; const RequestId = "/";'],
      ["lib/mail/templates/links.tsx", 'const href = linkTo(site, "/reset-password", token);'],
      ["lib/http/routes/route.ts", 'import { respond } from "@/lib/http/answer/respond.ts";'],
    ],
  },
  {
    name: "components get props",
    why: "a component asks no database, verb or key; the page hands it what to show, but for the limits it speaks of",
    within: ["components/"],
    forbids: ["db/", /^lib\/auth\/(?!limits\/(budgets|lifetimes)\.ts$)/, "lib/tokens/"],
    breaks: [
      ["components/devices.tsx", 'import type { Session } from "@/db/queries/sessions.ts";'],
      ["components/devices.tsx", 'import { listSessions } from "@/lib/auth/sessions/list-sessions.ts";'],
      ["components/devices.tsx", 'import { rateLimit } from "@/lib/auth/limits/rate-limit.ts";'],
      ["components/devices.tsx", 'import { checkClaims } from "../lib/tokens/claims.ts";'],
    ],
    allowed: [
      ["app/account/page.tsx", 'import { listSessions } from "@/lib/auth/sessions/list-sessions.ts";'],
      ["components/devices.tsx", 'import type { PublicSession } from "@/lib/contract/sessions.ts";'],
      ["components/devices.tsx", 'import { CODE_TRIES } from "@/lib/auth/limits/budgets.ts";'],
      [
        "components/devices.tsx",
        'export const A = () => <p>import x from "@/lib/auth/log-in/log-in.ts"</p>;',
      ],
    ],
  },
  {
    name: "lib/tokens is pure",
    why: "a format knows no database, setting, clock or request",
    within: ["lib/tokens/"],
    importsOnly: ["lib/tokens/", "lib/base/crypto.ts", "lib/base/clock.ts", "jose", "zod"],
    breaks: [
      ["lib/tokens/keys.ts", 'import type { Settings } from "../env.ts";'],
      ["lib/tokens/keys.ts", 'import { readFileSync } from "node:fs";'],
    ],
    allowed: [
      ["lib/tokens/keys.ts", 'import { exportJWK } from "jose"; import { hmac } from "../base/crypto.ts";'],
      ["lib/tokens/claims.ts", 'import { z } from "zod"; import "../base/clock.ts"; import "./jwt.ts";'],
      ["lib/settings/secret-key.ts", 'import { readFileSync } from "node:fs";'],
    ],
  },
  {
    name: "HTTP goes out through lib/deliveries/post-out.ts",
    why: "one place decides which addresses may be reached, and follows nobody elsewhere",
    forbids: ["node:https"],
    except: ["lib/deliveries/post-out.ts", "packages/"],
    breaks: [["lib/auth/log-in/log-in.ts", 'import { request } from "node:https";']],
    allowed: [["lib/deliveries/post-out.ts", 'import { request as requestByHttps } from "node:https";']],
  },
  {
    name: "packages/verify stands alone",
    why: "it is installed in other services, without Keyturn around it",
    within: ["packages/verify/"],
    importsOnly: ["packages/verify/", "jose", /^node:/],
    breaks: [
      ["packages/verify/read-token.js", 'import { checkClaims } from "../../lib/tokens/claims.ts";'],
      ["packages/verify/request-handlers.js", 'import express from "express";'],
    ],
    allowed: [
      ["packages/verify/read-token.js", 'import { jwtVerify } from "jose"; import "./published-keys.js";'],
      ["packages/verify/send.js", 'import http from "node:http";'],
      ["packages/verify/verify.test.ts", 'import { it } from "vitest";'],
    ],
  },
  {
    name: "nothing of Keyturn's own is made of packages/verify",
    why: "it asks its own sessions, which know more than a token says",
    forbids: ["@keyturn/verify", "packages/verify/"],
    except: ["packages/verify/"],
    breaks: [["lib/http/request/bearer.ts", 'import { createVerifier } from "@keyturn/verify";']],
    allowed: [["packages/verify/index.js", 'export { createVerifier } from "./create-verifier.js";']],
  },
  {
    name: "what ships knows no test code",
    why: "test code is not part of the product",
    forbids: ["lib/testing/", "e2e/", "bench/", "vitest", "@playwright/test", "@testing-library", "jsdom"],
    except: [CONFIGURATION],
    breaks: [
      ["lib/auth/log-in/log-in.ts", 'import { createTestClock } from "@/lib/testing/world.ts";'],
      ["lib/base/clock.ts", 'import { vi } from "vitest";'],
      ["cli/doctor.ts", 'import { measure } from "@/bench/measure.ts";'],
      ["app/page.tsx", 'import { people } from "@/e2e/people.ts";'],
      ["proxy.ts", 'import { chromium } from "@playwright/test";'],
      ["components/ui/field.tsx", 'import { screen } from "@testing-library/react";'],
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
    except: ["lib/http/lanes/route-table.ts", "run.js"],
    breaks: [["lib/auth/log-in/log-in.ts", "await import(name);"]],
    allowed: [
      ["lib/auth/log-in/log-in.ts", 'await import("./log-out.ts"); await import(`./log-out.ts`);'],
      ["lib/http/lanes/route-table.ts", "await import(pathToFileURL(file).href);"],
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
    name: "a file of lib or of a package has at most 150 lines",
    why: "longer ones hold two things (design §9.15)",
    within: ["lib/", "packages/"],
    maxLines: 150,
    breaks: [
      ["lib/auth/log-in/log-in.ts", "step();\n".repeat(151)],
      ["packages/verify/follow-feed.js", "step();\n".repeat(151)],
    ],
    allowed: [
      ["lib/auth/log-in/log-in.ts", "step();\n".repeat(150)],
      ["lib/auth/log-in/log-in.db.test.ts", "step();\n".repeat(151)],
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
      ["lib/auth/log-in/log-in.ts", "step();\n".repeat(121)],
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

/**
 * The rooms from the top floor to the ground: each may use those below it and none above, so no circle can be. Every
 * folder is here; a new one finds its place in the list.
 */
const floors = {
  lib: [
    "start",
    "http",
    "operations",
    "reference",
    "browser",
    "auth",
    "app",
    "audit",
    "deliveries",
    "mail",
    "metrics",
    "passwords",
    "tokens",
    "settings",
    "contract",
    "base",
  ],
  "lib/auth": [
    "admin",
    "account",
    "applications",
    "registration",
    "email",
    "log-in",
    "password",
    "devices",
    "factors",
    "rotation",
    "activity",
    "sessions",
    "challenges",
    "destinations",
    "notices",
    "limits",
  ],
  "lib/http": ["lanes", "pages", "routes", "answer", "request"],
  components: ["entry", "account", "devices", "admin", "docs", "frames", "ui"],
};

const roomRules = Object.entries(floors).flatMap(([house, rooms]) =>
  rooms.slice(1).map((room, index): (typeof rules)[number] => {
    const above = rooms.slice(0, index + 1).map((name) => `${house}/${name}/`);
    const own = `${house}/${room}/planted.ts`;
    return {
      name: `${house}/${room} uses no room above it`,
      why: "arrows between rooms point down",
      within: [`${house}/${room}/`],
      forbids: above,
      breaks: above.map((folder) => [own, `import "@/${folder}planted.ts";`]),
      allowed: [room, ...rooms.slice(index + 2)].map((name) => [
        own,
        `import "@/${house}/${name}/other.ts";`,
      ]),
    };
  }),
);

const project = readProject(join(import.meta.dirname, ".."));

it.each(Object.entries(floors))("every room of %s has its floor", (house, rooms) => {
  const inside = project.map(({ path }) => path).filter((path) => path.startsWith(`${house}/`));
  const folders = new Set(
    inside.flatMap((path) =>
      path
        .slice(house.length + 1)
        .split("/")
        .slice(0, -1)
        .slice(0, 1),
    ),
  );
  folders.delete("testing");
  expect([...folders].sort()).toEqual([...rooms].sort());
});

describe.each([...rules, ...roomRules])("$name", (rule) => {
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
    expect(
      importsOf(
        'import "../settings/env.ts"; import "@/lib/settings/env.ts"; import "./../../lib/settings/env.ts";',
      ),
    ).toEqual(["lib/settings/env.ts", "lib/settings/env.ts", "lib/settings/env.ts"]);
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
