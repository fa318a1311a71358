import { z } from "zod";
import { Revocations, RevocationsQuery } from "@/lib/contract/revocations.ts";
import { REVOCATION, REVOCATIONS_CURSOR } from "./application-examples.ts";
import type { Operation } from "./operation.ts";

const Status = z.object({ status: z.string() });
const JsonWebKeySet = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })),
});
const Description = z.looseObject({ openapi: z.string(), paths: z.looseObject({}) });

const SECURITY_TXT = `Contact: mailto:login@example.com
Expires: 2026-06-01T00:00:00.000Z
Preferred-Languages: en
Canonical: https://login.example.com/.well-known/security.txt
Policy: https://login.example.com/docs#security
`;

const METRICS = `# HELP keyturn_outbox_waiting Mails that wait to be sent.
# TYPE keyturn_outbox_waiting gauge
keyturn_outbox_waiting 0
`;

export const serviceOperations: Operation[] = [
  {
    id: "listKeys",
    tag: "Services",
    method: "get",
    path: "/.well-known/jwks.json",
    summary: "Public keys",
    description:
      "By which other services verify access tokens on their own. Empty unless `ALGORITHM` is asymmetric. " +
      "Cacheable for ten minutes.",
    auth: "none",
    successes: [
      { status: 200, says: "A JSON Web Key Set (RFC 7517).", body: JsonWebKeySet, example: { keys: [] } },
    ],
  },
  {
    id: "listRevocations",
    tag: "Services",
    method: "get",
    path: "/api/revocations",
    summary: "Which sessions ended",
    description:
      "For services that verify access tokens on their own and don't wait for them to run out. Each end comes at least " +
      "once, whatever order transactions commit in; with `wait` the answer comes as soon as there is one. " +
      "Without `after`: all that can still matter.",
    auth: "application",
    query: RevocationsQuery,
    successes: [
      {
        status: 200,
        says: "Up to a thousand, and where to go on.",
        body: Revocations,
        example: { results: [REVOCATION], next: REVOCATIONS_CURSOR, complete: true },
      },
    ],
    errors: ["bad_request", "not_authenticated"],
  },
  {
    id: "describeApi",
    tag: "Services",
    method: "get",
    path: "/api/openapi.json",
    summary: "This description",
    auth: "none",
    successes: [
      { status: 200, says: "OpenAPI 3.1.", body: Description, example: { openapi: "3.1.1", paths: {} } },
    ],
  },
  {
    id: "showHealth",
    tag: "Services",
    method: "get",
    path: "/api/health",
    summary: "Whether the process runs",
    auth: "none",
    successes: [{ status: 200, says: "It runs.", body: Status, example: { status: "ok" } }],
  },
  {
    id: "showReadiness",
    tag: "Services",
    method: "get",
    path: "/api/ready",
    summary: "Whether it can serve",
    description: "The database answers and has every migration; else 503.",
    auth: "none",
    successes: [{ status: 200, says: "It can.", body: Status, example: { status: "ready" } }],
  },
  {
    id: "showMetrics",
    tag: "Services",
    method: "get",
    path: "/api/metrics",
    summary: "Numbers for Prometheus",
    description: "There are none, and the answer is 404, while `METRICS_TOKEN` is unset.",
    auth: "metrics-token",
    successes: [{ status: 200, says: "The numbers.", text: "text/plain", example: METRICS }],
    errors: ["not_authenticated", "not_found", "throttled"],
  },
  {
    id: "findPasswordPage",
    tag: "Services",
    method: "get",
    path: "/.well-known/change-password",
    summary: "Where a password is changed",
    description: "For password managers: leads to the page.",
    auth: "none",
    successes: [{ status: 302, says: "`Location` names the page." }],
  },
  {
    id: "showSecurityContact",
    tag: "Services",
    method: "get",
    path: "/.well-known/security.txt",
    summary: "Whom to tell of a hole",
    description: "RFC 9116.",
    auth: "none",
    successes: [{ status: 200, says: "Whom and how.", text: "text/plain", example: SECURITY_TXT }],
  },
];
