import { failure } from "@/lib/contract/errors.ts";
import { failureAnswer } from "@/lib/http/respond.ts";
import { everyMethod } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = everyMethod(
  failureAnswer(failure("not_found")),
);
