import type { z } from "zod";
import { failure } from "@/lib/contract/errors.ts";
import { preflight } from "@/lib/http/answer/preflight.ts";
import { type Answer, failureAnswer, respond } from "@/lib/http/answer/respond.ts";
import { faultAnswer } from "@/lib/http/answer/to-response.ts";
import type { Edge, LoggedInEdge } from "@/lib/http/request/edge.ts";
import { readBody } from "@/lib/http/request/read-body.ts";
import { admit } from "./admit.ts";
import { type Answering, type Handler, handler, type Takes } from "./handler.ts";

type Readers = (edge: Edge) => Promise<string | null>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];
export type Action = { answer: Answering; takes: Takes };

/** `form`: forms are read too. `beforeSetUp`: open to who must set up a strong factor first. */
type Options = { form?: boolean; beforeSetUp?: boolean };

/** A call that anybody may make: its body is parsed by `schema`, its answer made by `handle`. */
export function route<Input>(
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: Edge) => Promise<Answer>,
  { form = false } = {},
): Action {
  return {
    takes: { schema, form, auth: "none" },
    answer: (edge) => answerInput(edge, schema, handle, form),
  };
}

/** Parses the body and has it handled, or says what is wrong with it. */
async function answerInput<Input, From extends Edge>(
  edge: From,
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: From) => Promise<Answer>,
  form: boolean,
): Promise<Answer> {
  const body = await readBody(edge.request, schema, { form });
  return body.kind === "read" ? handle(body.input, edge) : respond(body, () => null);
}

/**
 * A call that needs a log-in. Who is calling is settled before a byte of the body is looked at; a change that rides on
 * a cookie must come from one of our own pages.
 */
export function loggedInRoute<Input>(
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: LoggedInEdge) => Promise<Answer>,
  options: Options = {},
): Action {
  return admittingRoute("log-in", schema, handle, options);
}

/** A call that only an admin may make, by what the database says of the caller now; others learn nothing of its body. */
export function adminRoute<Input>(
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: LoggedInEdge) => Promise<Answer>,
): Action {
  return admittingRoute("admin", schema, handle);
}

function admittingRoute<Input>(
  auth: "log-in" | "admin",
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: LoggedInEdge) => Promise<Answer>,
  { form = false, beforeSetUp = false }: Options = {},
): Action {
  return {
    takes: { schema, form, auth },
    async answer(edge) {
      const caller = await admit(edge, { forAdmins: auth === "admin", beforeSetUp });
      if (caller.kind === "failure") return failureAnswer(caller);
      return answerInput({ ...edge, principal: caller.principal }, schema, handle, form);
    },
  };
}

/**
 * The exports of a route file: its actions by method, `HEAD` where there is `GET`, `OPTIONS` everywhere, and for
 * every other method the contract's 405.
 *
 * @param readers whose pages a preflight lets pass, where those are others than the settings list
 * @param faults what a caller learns of whatever broke, where that is not said in the contract's words
 */
export function methods(
  actions: Partial<Record<Method, Action>>,
  { readers, faults = faultAnswer }: { readers?: Readers; faults?: typeof faultAnswer } = {},
): Record<Method, Handler> {
  const allowed = METHODS.filter(
    (method) => method in actions || method === "OPTIONS" || (method === "HEAD" && "GET" in actions),
  );
  const handlers = METHODS.map((method) => {
    const action = actions[method] ?? (method === "HEAD" ? actions.GET : undefined);
    const answer = action?.answer ?? refusal(allowed, readers);
    return [method, handler(answer, { takes: action?.takes, faults })];
  });
  return Object.fromEntries(handlers);
}

/**
 * The same answer to every method, for paths that are not there. A preflight is let pass, so that a front end's browser
 * shows that answer.
 */
export function everyMethod(answer: Answer): Record<Method, Handler> {
  const answering: Answering = async ({ request }) =>
    request.method === "OPTIONS" && request.headers.get("access-control-request-method") !== null
      ? preflight(request, METHODS)
      : answer;
  return Object.fromEntries(METHODS.map((method) => [method, handler(answering)])) as Record<Method, Handler>;
}

/** What a method without an action gets. The API lane brings methods here that have no name in `METHODS`. */
function refusal(allowed: readonly Method[], readers?: Readers): Answering {
  const headers = { allow: allowed.join(", ") };
  return async (edge) => {
    const { request } = edge;
    const { method } = request;
    if (method === "OPTIONS")
      return { ...preflight(request, allowed), ...(readers && { readableBy: await readers(edge) }) };
    const refused = failureAnswer(failure("method_not_allowed", `Method "${method}" not allowed.`));
    return { ...refused, headers };
  };
}
