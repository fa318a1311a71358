import { answerChallenge } from "@/lib/auth/log-in/answer-challenge.ts";
import { AnswerChallengeRequest } from "@/lib/contract/two-factor.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withChallenge } from "@/lib/http/routes/with-challenge.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    AnswerChallengeRequest,
    withChallenge(async (challenge, answer, edge) =>
      deliver(edge, () => answerChallenge(edge, { ...answer, challenge })),
    ),
  ),
});
