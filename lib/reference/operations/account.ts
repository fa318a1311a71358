import { PublicUser } from "@/lib/contract/account.ts";
import { PublicEvent } from "@/lib/contract/events.ts";
import { PageQuery, pageOf } from "@/lib/contract/pages.ts";
import { PersonalData } from "@/lib/contract/personal-data.ts";
import { DeleteAccountRequest, RenameRequest } from "@/lib/contract/profile.ts";
import { EVENT, EXAMPLE, PERSONAL_DATA, USER } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const accountOperations: Operation[] = [
  {
    id: "showAccount",
    tag: "Account",
    method: "get",
    path: "/api/me",
    summary: "Who is logged in",
    auth: "log-in",
    successes: [{ status: 200, says: "The caller.", body: PublicUser, example: USER }],
  },
  {
    id: "rename",
    tag: "Account",
    method: "patch",
    path: "/api/me",
    summary: "Change one's name",
    auth: "log-in",
    request: RenameRequest,
    successes: [{ status: 200, says: "The caller, with that name.", body: PublicUser, example: USER }],
    example: { body: { name: "Ada Lovelace" } },
  },
  {
    id: "deleteAccount",
    tag: "Account",
    method: "delete",
    path: "/api/me",
    summary: "Delete one's account",
    description:
      "Everything of the person is gone at once, and a last mail tells them. The last active admin can't.",
    auth: "log-in",
    request: DeleteAccountRequest,
    successes: [{ status: 204, says: "Gone." }],
    errors: ["recent_login_required", "permission_denied", "throttled"],
    example: { body: { password: EXAMPLE.password } },
  },
  {
    id: "downloadData",
    tag: "Account",
    method: "get",
    path: "/api/me/data",
    summary: "Everything that is held about one",
    description: "As a file, without anything that opens a door.",
    auth: "log-in",
    successes: [{ status: 200, says: "The data.", body: PersonalData, example: PERSONAL_DATA }],
    errors: ["recent_login_required"],
  },
  {
    id: "listOwnEvents",
    tag: "Account",
    method: "get",
    path: "/api/events",
    summary: "What happened on one's account",
    description: "Newest first.",
    auth: "log-in",
    query: PageQuery,
    successes: [
      {
        status: 200,
        says: "One page of it.",
        body: pageOf(PublicEvent),
        example: { results: [EVENT], next: null },
      },
    ],
    errors: ["bad_request"],
    example: { query: { limit: "10" } },
  },
];
