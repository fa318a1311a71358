import { failure } from "@/lib/contract/errors.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { failureAnswer, respond } from "@/lib/http/answer/respond.ts";
import { namesThisMachine } from "@/lib/http/request/names-this-machine.ts";
import { everyMethod, methods, route } from "@/lib/http/routes/route.ts";
import { readMailbox } from "@/lib/mail/read-mailbox.ts";

export const { GET, HEAD } = methods({
  GET: route(Nothing, async (_input, { app, query, request }) =>
    namesThisMachine(request.headers)
      ? respond(await readMailbox(app, query.get("to")), ({ results }) => ({ results }))
      : failureAnswer(failure("not_found")),
  ),
});

/** No hint at the mailbox where there is none. */
export const { POST, PUT, PATCH, DELETE, OPTIONS } = everyMethod(failureAnswer(failure("not_found")));
