import type { z } from "zod";
import { runningApp } from "@/lib/app/running-app.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { Answer } from "@/lib/http/answer/respond.ts";
import { faultAnswer, toResponse, toWire, type WireAnswer } from "@/lib/http/answer/to-response.ts";
import { type Edge, openEdge, type RouteContext } from "@/lib/http/request/edge.ts";
import type { EdgeRequest } from "@/lib/http/request/read-body.ts";
import type { Settings } from "@/lib/settings/env.ts";

/** A Web handler, which Next calls, and the same without a `Response` around it, which the API lane calls. */
export type Handler = ((request: EdgeRequest, context: RouteContext) => Promise<Response>) & {
  wire: WireHandler;
  takes?: Takes;
};
/** What an action asks of a call; the API's description is held against it. None where a method is refused. */
export type Takes = { schema: z.ZodType; form: boolean; auth: "none" | "log-in" | "admin" | "application" };
type WireHandler = (request: EdgeRequest, context: RouteContext) => Promise<WireAnswer>;
export type Answering = (edge: Edge) => Promise<Answer>;

/** Wraps an action into a handler: finds the app, adds the headers, and lets no cause of a fault out. */
export function handler(
  answer: Answering,
  { takes, faults = faultAnswer }: { takes?: Takes | undefined; faults?: typeof faultAnswer } = {},
): Handler {
  const wire: WireHandler = async (request, context) => {
    const requestId = randomUUID();
    let settings: Settings | undefined;
    try {
      const app = await runningApp();
      settings = app.settings;
      const edge = openEdge(app, request, await context.params, context.socketAddress);
      return toWire(settings, request, requestId, await answer(edge));
    } catch (error) {
      return toWire(settings, request, requestId, faults(error, requestId));
    }
  };
  const web = async (request: EdgeRequest, context: RouteContext) => toResponse(await wire(request, context));
  return Object.assign(web, { wire, ...(takes && { takes }) });
}
