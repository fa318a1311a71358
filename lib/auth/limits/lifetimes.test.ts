import { expect, it } from "vitest";
import { durationWords, numberWord } from "@/lib/contract/number-words.ts";
import { AnswerChallengeRequest, StartedChallenge } from "@/lib/contract/two-factor.ts";
import { CODE_TRIES } from "./budgets.ts";
import { CODE_LIFETIME_SECONDS, TRUSTED_DEVICE_LIFETIME_SECONDS } from "./lifetimes.ts";

it("the contract, which can't ask for a lifetime, describes the one there is", () => {
  const code = `${durationWords(CODE_LIFETIME_SECONDS)} and ${numberWord(CODE_TRIES)} tries.`;
  expect(StartedChallenge.shape.challenge.description).toMatch(new RegExp(` ${code}$`));
  const trust = `for ${durationWords(TRUSTED_DEVICE_LIFETIME_SECONDS)}.`;
  expect(AnswerChallengeRequest.in.shape.trust_device.unwrap().description).toMatch(new RegExp(` ${trust}$`));
});
