import Link from "next/link";
import { CodeSample } from "@/components/docs/code-sample.tsx";
import { Wordmark } from "@/components/frames/wordmark.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { pagePrincipal } from "@/lib/http/pages/page-principal.ts";

const sample = (url: string) => `curl -s ${url}/api/token \\
  -d email=ada@example.com -d password='…'

{"access":"eyJhbGci…","refresh":"eyJhbGci…"}`;

const PROMISES = [
  {
    title: "Every refresh turns the key",
    text: "A refresh token is good once. If a used one comes back, its session ends, whoever holds the newest.",
  },
  {
    title: "Log out means logged out",
    text: "One device or all of them, at once: Keyturn asks the session on every call, not only the token.",
  },
  {
    title: "Two-step log-in by e-mail",
    text: "A code protects against a stolen password. It can't protect against a stolen mailbox, and we say so.",
  },
];

export default async function Home() {
  const { settings } = await runningApp();
  const isLoggedIn = (await pagePrincipal()) !== null;
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 sm:px-8">
      <header className="py-6">
        <Wordmark />
      </header>
      <main className="flex grow flex-col justify-center gap-16 py-12">
        <div className="grid items-center gap-10 lg:grid-cols-[1.1fr_1fr]">
          <div className="space-y-5">
            <h1 className="max-w-[14ch] text-balance text-title font-semibold tracking-tight">
              Log-in that your product hosts itself.
            </h1>
            <p className="max-w-[46ch] text-lead text-quiet">
              JWT pairs that rotate, sessions people can see and end, and a second step by e-mail. One
              application, one PostgreSQL, two commands.
            </p>
            <div className="flex flex-wrap gap-3">
              {isLoggedIn ? (
                <LinkButton href="/account/sessions">Your devices</LinkButton>
              ) : (
                <LinkButton href="/login">Log in</LinkButton>
              )}
              {!isLoggedIn && settings.REGISTRATION === "open" && (
                <LinkButton href="/register" look="quiet">
                  Create an account
                </LinkButton>
              )}
            </div>
          </div>
          <CodeSample label="Obtaining a token pair with curl">{sample(settings.APP_URL)}</CodeSample>
        </div>
        <ul className="grid gap-8 border-t border-line pt-10 sm:grid-cols-3">
          {PROMISES.map(({ title, text }) => (
            <li key={title} className="space-y-1.5">
              <h2 className="font-semibold">{title}</h2>
              <p className="text-small text-quiet">{text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="flex flex-wrap items-center justify-between gap-x-6 border-t border-line py-3 text-small text-quiet">
        <p className="py-3">Open source under the MIT licence.</p>
        <Link
          href="/docs"
          prefetch={false}
          className="inline-flex min-h-11 items-center underline underline-offset-4"
        >
          For developers: the API
        </Link>
      </footer>
    </div>
  );
}
