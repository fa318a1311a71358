import { z } from "zod";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { ApplicationWithSecret } from "@/lib/contract/applications.ts";
import { PublicDelivery } from "@/lib/contract/deliveries.ts";
import { pageOf } from "@/lib/contract/pages.ts";
import { APPLICATION, DELIVERY, WEBHOOK_SECRET } from "./application-examples.ts";
import type { Operation } from "./operation.ts";

export const adminDeliveryOperations: Operation[] = [
  {
    id: "replaceWebhookSecret",
    tag: "Applications",
    method: "post",
    path: "/api/admin/applications/{id}/webhook-secret",
    summary: "Give an application's webhook a new secret",
    description:
      "It is in this answer and never again. For a day more, messages are signed with the one before, too.",
    auth: "admin",
    request: AdminActRequest,
    successes: [
      {
        status: 200,
        says: "The application with its new secret.",
        body: ApplicationWithSecret,
        example: {
          ...APPLICATION,
          webhook_address: "https://shop.example.com/webhook",
          previous_webhook_secret_until: "2026-03-02T12:00:00.000Z",
          client_secret: null,
          webhook_secret: WEBHOOK_SECRET,
        },
      },
    ],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "It stood in a log." } },
  },
  {
    id: "listDeliveries",
    tag: "Applications",
    method: "get",
    path: "/api/admin/applications/{id}/deliveries",
    summary: "What an application was not told",
    description: "Log-outs and webhooks that wait or were given up, the newest fifty; never what they say.",
    auth: "admin",
    successes: [
      {
        status: 200,
        says: "Those that are left.",
        body: pageOf(PublicDelivery),
        example: { results: [DELIVERY], next: null },
      },
    ],
    errors: ["not_found"],
  },
  {
    id: "sendDeliveriesAgain",
    tag: "Applications",
    method: "post",
    path: "/api/admin/applications/{id}/deliveries",
    summary: "Send again what failed",
    description: "What was given up too.",
    auth: "admin",
    request: AdminActRequest,
    successes: [
      { status: 200, says: "How much.", body: z.object({ sent_again: z.int() }), example: { sent_again: 3 } },
    ],
    errors: ["recent_login_required", "not_found"],
    example: { body: { reason: "The shop is back." } },
  },
];
