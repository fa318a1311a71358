import { z } from "zod";
import {
  AdminActRequest,
  ChangePersonRequest,
  InviteUserRequest,
  RequiredReason,
} from "@/lib/contract/admin.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import { AdminUser, ShownPerson } from "@/lib/contract/admin-shapes.ts";
import { PageQuery, pageOf } from "@/lib/contract/pages.ts";
import { ADMIN_USER, EXAMPLE, SHOWN_PERSON } from "./examples.ts";
import type { Operation } from "./operation.ts";

const Revoked = z.object({ revoked: z.int() });
const Removed = z.object({ removed: z.boolean().describe("False where there was nothing to remove.") });

export const adminPeopleOperations: Operation[] = [
  {
    id: "listPeople",
    tag: "Admin",
    method: "get",
    path: "/api/admin/users",
    summary: "People",
    auth: "admin",
    query: PageQuery.extend(UserListFilter.shape),
    successes: [
      {
        status: 200,
        says: "One page of them.",
        body: pageOf(AdminUser),
        example: { results: [ADMIN_USER], next: null },
      },
    ],
    errors: ["bad_request"],
    example: { query: { search: "ada", is_active: "true", limit: "10" } },
  },
  {
    id: "invitePerson",
    tag: "Admin",
    method: "post",
    path: "/api/admin/users",
    summary: "Invite a person",
    description:
      "Mails a link by which they choose a password; nothing else opens that account. It ends when its admin stops " +
      "being one. To make another admin needs a recent log-in.",
    auth: "admin",
    request: InviteUserRequest,
    successes: [{ status: 201, says: "Invited.", body: AdminUser, example: ADMIN_USER }],
    errors: ["recent_login_required"],
    example: { body: { email: EXAMPLE.newEmail, name: "Ada Lovelace" } },
  },
  {
    id: "showPerson",
    tag: "Admin",
    method: "get",
    path: "/api/admin/users/{id}",
    summary: "One person",
    auth: "admin",
    successes: [{ status: 200, says: "The person.", body: ShownPerson, example: SHOWN_PERSON }],
    errors: ["not_found"],
  },
  {
    id: "changePerson",
    tag: "Admin",
    method: "patch",
    path: "/api/admin/users/{id}",
    summary: "Change a person's access, role or name",
    description:
      "Whoever becomes inactive is logged out at once, and every link mailed to them ends. Invitations end when their " +
      "admin stops being one. The last active admin can't be demoted or deactivated. Access " +
      "and role need a recent log-in.",
    auth: "admin",
    request: ChangePersonRequest,
    successes: [{ status: 200, says: "Changed.", body: ShownPerson, example: SHOWN_PERSON }],
    errors: ["recent_login_required", "not_found"],
    example: { body: { is_active: false, reason: "They left." } },
  },
  {
    id: "logOutPerson",
    tag: "Admin",
    method: "post",
    path: "/api/admin/users/{id}/logout",
    summary: "Log a person out everywhere",
    auth: "admin",
    request: AdminActRequest,
    successes: [{ status: 200, says: "How many sessions ended.", body: Revoked, example: { revoked: 2 } }],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "They lost their laptop." } },
  },
  {
    id: "removeFactorsOf",
    tag: "Admin",
    method: "post",
    path: "/api/admin/users/{id}/remove-factors",
    summary: "Take the strong factors of a person away",
    description:
      "For somebody who lost them all. They are told by mail, and for a day the account can change nothing.",
    auth: "admin",
    request: RequiredReason,
    successes: [{ status: 200, says: "Gone.", body: Removed, example: { removed: true } }],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "Lost the phone, called back on the known number" } },
  },
];
