import { z } from "zod";
import { PageQuery, pageOf } from "@/lib/contract/pages.ts";
import { NameSessionRequest, PublicSession } from "@/lib/contract/sessions.ts";
import { SESSION } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const sessionOperations: Operation[] = [
  {
    id: "listSessions",
    tag: "Devices",
    method: "get",
    path: "/api/sessions",
    summary: "Where the caller is logged in",
    description:
      "This device first, then newest activity. An application's session is one of its own; `opened_by` says from which browser's it was opened.",
    auth: "log-in",
    query: PageQuery,
    successes: [
      {
        status: 200,
        says: "One page of them.",
        body: pageOf(PublicSession),
        example: { results: [SESSION], next: null },
      },
    ],
    errors: ["bad_request"],
    example: { query: { limit: "10" } },
  },
  {
    id: "nameSession",
    tag: "Devices",
    method: "patch",
    path: "/api/sessions/{id}",
    summary: "Name a device",
    auth: "log-in",
    request: NameSessionRequest,
    successes: [{ status: 200, says: "Named.", body: PublicSession, example: SESSION }],
    errors: ["not_found"],
    example: { body: { name: "My laptop" } },
  },
  {
    id: "revokeSession",
    tag: "Devices",
    method: "delete",
    path: "/api/sessions/{id}",
    summary: "Log a device out",
    auth: "log-in",
    successes: [{ status: 204, says: "It is logged out." }],
    errors: ["not_found"],
  },
  {
    id: "revokeOtherSessions",
    tag: "Devices",
    method: "post",
    path: "/api/sessions/revoke-others",
    summary: "Log every other device out",
    auth: "log-in",
    successes: [
      {
        status: 200,
        says: "How many were logged out.",
        body: z.object({ revoked: z.int() }),
        example: { revoked: 2 },
      },
    ],
  },
];
