import { z } from "zod";
import { ENDED_SESSION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { AdminActRequest, InspectTokenRequest } from "@/lib/contract/admin.ts";
import { EventListFilter, RevokeSessionsRequest, SessionListFilter } from "@/lib/contract/admin-filters.ts";
import { AdminEvent, AdminSession, InspectedToken } from "@/lib/contract/admin-shapes.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { PageQuery, pageOf } from "@/lib/contract/pages.ts";
import { ADMIN_EVENT, ADMIN_SESSION, EXAMPLE, INSPECTED_TOKEN } from "./examples.ts";
import type { Operation } from "./operation.ts";

const Revoked = z.object({ revoked: z.int() });
const EVENTS_CSV = `id,type,created_at,user_id,user_email,actor_id,actor_email,session_id,ip,browser,os,data
${ADMIN_EVENT.id},login.succeeded,${ADMIN_EVENT.created_at},${ADMIN_EVENT.user.id},${EXAMPLE.email},,,…
`;

export const adminSessionOperations: Operation[] = [
  {
    id: "listAllSessions",
    tag: "Admin",
    method: "get",
    path: "/api/admin/sessions",
    summary: "Everybody's sessions",
    description: `Ended ones too, for ${durationWords(ENDED_SESSION_KEPT_SECONDS)}: SimpleJWT's outstanding and blacklisted tokens.`,
    auth: "admin",
    query: PageQuery.extend(SessionListFilter.shape),
    successes: [
      {
        status: 200,
        says: "One page of them.",
        body: pageOf(AdminSession),
        example: { results: [ADMIN_SESSION], next: null },
      },
    ],
    errors: ["bad_request"],
    example: { query: { user: EXAMPLE.email, state: "outstanding" } },
  },
  {
    id: "showAnySession",
    tag: "Admin",
    method: "get",
    path: "/api/admin/sessions/{id}",
    summary: "One session",
    auth: "admin",
    successes: [{ status: 200, says: "The session.", body: AdminSession, example: ADMIN_SESSION }],
    errors: ["not_found"],
  },
  {
    id: "revokeAnySession",
    tag: "Admin",
    method: "delete",
    path: "/api/admin/sessions/{id}",
    summary: "End a session",
    auth: "admin",
    request: AdminActRequest,
    successes: [{ status: 204, says: "Ended." }],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "They lost their laptop." } },
  },
  {
    id: "revokeSessionsMatching",
    tag: "Admin",
    method: "post",
    path: "/api/admin/sessions/revoke",
    summary: "End every session that matches",
    description: "With `count` nothing ends unless that many match.",
    auth: "admin",
    request: RevokeSessionsRequest,
    successes: [{ status: 200, says: "How many ended.", body: Revoked, example: { revoked: 12 } }],
    errors: ["recent_login_required"],
    example: { body: { filter: { ip: "198.51.100.0/24" }, reason: "A proxy was taken over." } },
  },
  {
    id: "inspectToken",
    tag: "Admin",
    method: "post",
    path: "/api/admin/tokens/inspect",
    summary: "Whose token, and whether it is any good",
    description: "By the token itself or by its `jti`. Recorded.",
    auth: "admin",
    request: InspectTokenRequest,
    successes: [
      { status: 200, says: "What is known of it.", body: InspectedToken, example: INSPECTED_TOKEN },
    ],
    errors: ["not_found"],
    example: { body: { token: EXAMPLE.refresh } },
  },
  {
    id: "listAllEvents",
    tag: "Admin",
    method: "get",
    path: "/api/admin/events",
    summary: "The audit trail",
    description:
      "Newest first. With `Accept: text/csv` a file, which needs a recent log-in; where more follows, `Link` leads on.",
    auth: "admin",
    query: PageQuery.extend(EventListFilter.shape),
    successes: [
      {
        status: 200,
        says: "One page of it.",
        body: pageOf(AdminEvent),
        example: { results: [ADMIN_EVENT], next: null },
        file: { type: "text/csv", example: EVENTS_CSV },
      },
    ],
    errors: ["bad_request", "recent_login_required"],
    example: { query: { type: "login.succeeded", from: "2026-03-01T00:00:00Z" } },
  },
];
