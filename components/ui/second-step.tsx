"use client";

import { type ReactNode, useState } from "react";
import type { Method } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { CodeForm } from "./code-form.tsx";
import { PasskeyProof } from "./passkey-proof.tsx";

/** What each way is called where it is one of several, and what is said above its field. */
const WAYS: Record<Method, { name: string; hint?: string }> = {
  passkey: { name: "Passkey" },
  totp: {
    name: "Authenticator app",
    hint: "Your authenticator app shows it, and a new one every 30 seconds.",
  },
  recovery_code: {
    name: "Recovery code",
    hint: "One of those that you put away. Each works once.",
  },
  email: { name: "Code by e-mail" },
};

const NO_WAY =
  "None of what you log in with works here. Ask whoever runs this site to take it away, so that you can begin anew.";

type Props = {
  methods: readonly Method[];
  /** The call that takes the answer. */
  path: string;
  challenge?: string;
  page: string;
  label: string;
  hint?: string;
  trust?: boolean;
  onRight: () => void;
  onEnded: () => void;
  /** Further buttons beside the first. */
  children?: ReactNode;
};

/** Proves who somebody is in one of the ways that they have, the best first; the others are offered below. */
export function SecondStep({ methods, trust = false, children, ...step }: Props) {
  const [method, setMethod] = useState<Method>(methods[0] ?? "email");
  if (methods.length === 0) return <p>{NO_WAY}</p>;
  const others = methods.filter((other) => other !== method);
  return (
    <div className="space-y-6">
      {method === "passkey" ? (
        <PasskeyProof {...step}>{children}</PasskeyProof>
      ) : (
        <CodeForm
          {...step}
          hint={step.hint ?? WAYS[method].hint}
          key={method}
          trust={trust}
          {...(method !== "email" && { method })}
        >
          {children}
        </CodeForm>
      )}
      {others.length > 0 && (
        <section className="space-y-2" aria-labelledby="another-way">
          <h2 id="another-way" className="text-small text-quiet">
            Use another way
          </h2>
          <div className="flex flex-wrap gap-3">
            {others.map((other) => (
              <Button key={other} look="quiet" onClick={() => setMethod(other)}>
                {WAYS[other].name}
              </Button>
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
