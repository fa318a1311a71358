import { failure } from "@/lib/contract/errors.ts";
import { failureAnswer } from "@/lib/http/answer/respond.ts";
import { everyMethod } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = everyMethod(
  failureAnswer(failure("not_found")),
);
