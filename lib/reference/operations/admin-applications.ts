import { AdminActRequest } from "@/lib/contract/admin.ts";
import {
  AddApplicationRequest,
  ApplicationWithSecret,
  PublicApplication,
} from "@/lib/contract/applications.ts";
import { pageOf } from "@/lib/contract/pages.ts";
import { APPLICATION } from "./application-examples.ts";
import { EXAMPLE } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const adminApplicationOperations: Operation[] = [
  {
    id: "listApplications",
    tag: "Applications",
    method: "get",
    path: "/api/admin/applications",
    summary: "Applications",
    description:
      "The products of yours that people log in to through these pages, by name and all on one page.",
    auth: "admin",
    successes: [
      {
        status: 200,
        says: "All of them.",
        body: pageOf(PublicApplication),
        example: { results: [APPLICATION], next: null },
      },
    ],
  },
  {
    id: "addApplication",
    tag: "Applications",
    method: "post",
    path: "/api/admin/applications",
    summary: "Add an application",
    description: "Its secret, where it can keep one, is in this answer and never again.",
    auth: "admin",
    request: AddApplicationRequest,
    successes: [
      {
        status: 201,
        says: "Added.",
        body: ApplicationWithSecret,
        example: { ...APPLICATION, client_secret: EXAMPLE.clientSecret, webhook_secret: null },
      },
    ],
    errors: ["recent_login_required"],
    example: {
      body: {
        name: APPLICATION.name,
        redirect_addresses: APPLICATION.redirect_addresses,
        logged_out_addresses: APPLICATION.logged_out_addresses,
        confidential: true,
      },
    },
  },
  {
    id: "showApplication",
    tag: "Applications",
    method: "get",
    path: "/api/admin/applications/{id}",
    summary: "One application",
    auth: "admin",
    successes: [{ status: 200, says: "The application.", body: PublicApplication, example: APPLICATION }],
    errors: ["not_found"],
  },
  {
    id: "removeApplication",
    tag: "Applications",
    method: "delete",
    path: "/api/admin/applications/{id}",
    summary: "Remove an application",
    description: "Every session of it ends, and nobody can log in to it any more.",
    auth: "admin",
    request: AdminActRequest,
    successes: [{ status: 204, says: "Gone." }],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "The shop is closed." } },
  },
  {
    id: "replaceSecret",
    tag: "Applications",
    method: "post",
    path: "/api/admin/applications/{id}/secret",
    summary: "Give an application a new secret",
    description: "It is in this answer and never again. The one before works for a day more.",
    auth: "admin",
    request: AdminActRequest,
    successes: [
      {
        status: 200,
        says: "The application with its new secret.",
        body: ApplicationWithSecret,
        example: {
          ...APPLICATION,
          previous_secret_until: "2026-03-02T12:00:00.000Z",
          client_secret: EXAMPLE.clientSecret,
          webhook_secret: null,
        },
      },
    ],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "It stood in a log." } },
  },
];
