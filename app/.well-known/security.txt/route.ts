import { Nothing } from "@/lib/contract/tokens.ts";
import { textAnswer } from "@/lib/http/answer/respond.ts";
import { securityContact } from "@/lib/http/answer/security-contact.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

const CACHEABLE = { "cache-control": "public, max-age=86400" };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app, now }) => ({
    ...textAnswer(securityContact(app.mail, now)),
    headers: CACHEABLE,
  })),
});
