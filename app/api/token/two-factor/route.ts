import { answerChallenge } from "@/lib/auth/answer-challenge.ts";
import { AnswerChallengeRequest } from "@/lib/contract/two-factor.ts";
import { withChallenge } from "@/lib/http/challenge.ts";
import { deliver } from "@/lib/http/deliver.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    AnswerChallengeRequest,
    withChallenge(async (challenge, { code, trust_device: trustDevice = false }, edge) =>
      deliver(edge, () => answerChallenge(edge.app, { challenge, code, trustDevice }, edge.device, edge.now)),
    ),
  ),
});
