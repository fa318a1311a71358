"use client";

import { ResendCode } from "@/components/ui/resend-code.tsx";
import { SecondStep } from "@/components/ui/second-step.tsx";
import type { Onward } from "@/lib/contract/onward.ts";
import type { Method } from "@/lib/contract/two-factor.ts";

/** What a proof lets somebody into: its calls, its page, and what people read there. */
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

type Props = {
  purpose: keyof typeof PURPOSES;
  methods: readonly Method[];
  onward: Onward;
  resendIn: number;
};

/** The proof of a visitor, whose challenge is in a cookie. What comes after is a full load, and takes this page's place. */
export function EntryCodeForm({ purpose, methods, onward, resendIn }: Props) {
  const { resendPath, ...words } = PURPOSES[purpose];
  return (
    <div className="space-y-4">
      <SecondStep
        {...words}
        methods={methods}
        trust={purpose === "log-in"}
        onRight={() => window.location.replace(onward.done)}
        onEnded={() => window.location.reload()}
      />
      {methods.includes("email") && <ResendCode path={resendPath} resendIn={resendIn} />}
    </div>
  );
}
