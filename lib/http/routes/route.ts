import type { z } from "zod";
import { runningApp } from "@/lib/app/running-app.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { failure } from "@/lib/contract/errors.ts";
import { preflight } from "@/lib/http/answer/preflight.ts";
import { type Answer, failureAnswer, respond } from "@/lib/http/answer/respond.ts";
import { faultAnswer, toResponse, toWire, type WireAnswer } from "@/lib/http/answer/to-response.ts";
import { type Edge, type LoggedInEdge, openEdge, type RouteContext } from "@/lib/http/request/edge.ts";
import { type EdgeRequest, readBody } from "@/lib/http/request/read-body.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { admit } from "./admit.ts";

/** A Web handler, which Next calls, and the same without a `Response` around it, which the API lane calls. */
export type Handler = ((request: EdgeRequest, context: RouteContext) => Promise<Response>) & {
  wire: WireHandler;
  takes?: Takes;
};
/** What an action asks of a call; the API's description is held against it. None where a method is refused. */
type Takes = { schema: z.ZodType; form: boolean; auth: "none" | "log-in" | "admin" };
type WireHandler = (request: EdgeRequest, context: RouteContext) => Promise<WireAnswer>;
type Answering = (edge: Edge) => Promise<Answer>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];
type Action = { answer: Answering; takes: Takes };

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
 */
export function methods(actions: Partial<Record<Method, Action>>): Record<Method, Handler> {
  const allowed = METHODS.filter(
    (method) => method in actions || method === "OPTIONS" || (method === "HEAD" && "GET" in actions),
  );
  const handlers = METHODS.map((method) => {
    const action = actions[method] ?? (method === "HEAD" ? actions.GET : undefined);
    return [method, handler(action?.answer ?? refusal(allowed), action?.takes)];
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
function refusal(allowed: readonly Method[]): Answering {
  const headers = { allow: allowed.join(", ") };
  return async ({ request }) => {
    const { method } = request;
    if (method === "OPTIONS") return preflight(request, allowed);
    const refused = failureAnswer(failure("method_not_allowed", `Method "${method}" not allowed.`));
    return { ...refused, headers };
  };
}

/** Wraps an action into a handler: finds the app, adds the headers, and lets no cause of a fault out. */
function handler(answer: Answering, takes?: Takes): Handler {
  const wire: WireHandler = async (request, context) => {
    const requestId = randomUUID();
    let settings: Settings | undefined;
    try {
      const app = await runningApp();
      settings = app.settings;
      const edge = openEdge(app, request, await context.params, context.socketAddress);
      return toWire(settings, request, requestId, await answer(edge));
    } catch (error) {
      return toWire(settings, request, requestId, faultAnswer(error, requestId));
    }
  };
  const web = async (request: EdgeRequest, context: RouteContext) => toResponse(await wire(request, context));
  return Object.assign(web, { wire, ...(takes && { takes }) });
}
