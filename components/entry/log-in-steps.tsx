import { CodeSample } from "@/components/docs/code-sample.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import { CODE_TRIES } from "@/lib/auth/limits/budgets.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords, numberWord } from "@/lib/contract/number-words.ts";

const BODY = "-H 'Content-Type: application/json'";

function steps(url: string) {
  return [
    {
      title: "Log in",
      text: "A form works too. Where the account asks for no code, the answer is the pair of step 2.",
      sample: `curl -s ${url}/api/token \\
  -d email=ada@example.com -d password='correct horse battery'

{"code":"two_factor_required","challenge":"Vb9c…","sent_to":"a•••@example.com",…}`,
    },
    {
      title: "Answer with the code",
      text: `It stands in the mail: six digits, good for ${durationWords(CODE_LIFETIME_SECONDS)} and ${numberWord(CODE_TRIES)} tries. A challenge is not a log-in.`,
      sample: `curl -s ${url}/api/token/two-factor \\
  ${BODY} \\
  -d '{"challenge":"Vb9c…","code":"492817"}'

{"access":"eyJhbGci…","refresh":"eyJhbGci…"}`,
    },
    {
      title: "Call with the access token",
      text: "It lives for minutes. Keyturn asks the session at every call, so a device that was logged out is out at once.",
      sample: `curl -s ${url}/api/me \\
  -H "Authorization: Bearer $ACCESS"`,
    },
    {
      title: "Refresh",
      text:
        "A refresh token is good once; keep the new one. With an `Idempotency-Key` of your own, the same call brings " +
        "the same pair again when an answer was lost. Without it, a token that comes back ends the session.",
      sample: `curl -s ${url}/api/token/refresh \\
  ${BODY} -H "Idempotency-Key: $(uuidgen)" \\
  -d "{\\"refresh\\":\\"$REFRESH\\"}"

{"access":"eyJhbGci…","refresh":"eyJhbGci…"}`,
    },
    {
      title: "Log out",
      text: "Here, or with `all` on every device.",
      sample: `curl -s ${url}/logout_token \\
  -H "Authorization: Bearer $ACCESS" -d all=1

{"status":"OK, goodbye, all refresh tokens blacklisted"}`,
    },
  ];
}

/** How a log-in works, from the password to the log-out, as commands. */
export function LogInSteps({ url }: { url: string }) {
  return (
    <ol className="space-y-8">
      {steps(url).map(({ title, text, sample }, i) => (
        <li key={title} className="space-y-2.5">
          <h3 className="font-semibold">
            {i + 1}. {title}
          </h3>
          <p className="max-w-[68ch]">
            <Prose>{text}</Prose>
          </p>
          <CodeSample label={`Step ${i + 1}: ${title}`}>{sample}</CodeSample>
        </li>
      ))}
    </ol>
  );
}
