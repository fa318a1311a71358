"use client";

import { CodeForm } from "./code-form.tsx";
import { ResendCode } from "./resend-code.tsx";

/** What a code lets somebody into: its calls, its page, and what people read there. */
const PURPOSES = {
  "log-in": {
    path: "/api/token/two-factor",
    resendPath: "/api/token/two-factor/resend",
    page: "/login/code",
    label: "Log in",
  },
  register: {
    path: "/api/register/verify",
    resendPath: "/api/register/resend",
    page: "/register/code",
    label: "Create the account",
  },
};

type Props = { purpose: keyof typeof PURPOSES; next: string; resendIn: number };

/** The code of a visitor, whose challenge is in a cookie. What comes after is a full load, and takes this page's place. */
export function EntryCodeForm({ purpose, next, resendIn }: Props) {
  const { resendPath, ...words } = PURPOSES[purpose];
  return (
    <div className="space-y-4">
      <CodeForm
        {...words}
        trust={purpose === "log-in"}
        onRight={() => window.location.replace(next)}
        onEnded={() => window.location.reload()}
      />
      <ResendCode path={resendPath} resendIn={resendIn} />
    </div>
  );
}
