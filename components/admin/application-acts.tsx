"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import { AdminAct } from "./admin-act.tsx";
import { type Client, ShownClient } from "./shown-client.tsx";

type Props = {
  application: PublicApplication;
  issuer: string;
  /** How many of its sessions are live now. */
  sessions: number;
};

/** What an admin can do about an application. A new secret is shown above, this once. */
export function ApplicationActs({ application, issuer, sessions }: Props) {
  const router = useRouter();
  const [made, setMade] = useState<Client | null>(null);
  const { name } = application;
  const path = `/api/admin/applications/${application.client_id}`;
  return (
    <>
      {made && (
        <ShownClient
          key={made.client_secret ?? made.webhook_secret}
          client={made}
          issuer={issuer}
          title={`${made.client_secret ? name : `The webhook of ${name}`} has a new secret`}
        />
      )}
      <section aria-label="What you can do" className="flex flex-wrap gap-3">
        {application.confidential && (
          <AdminAct
            label="Make a new secret"
            title={`Make a new secret for ${name}?`}
            text="The one before works for a day more, so that you can change it without a break. One before that stops at once."
            method="POST"
            path={`${path}/secret`}
            onClosed={(body) => setMade(body as Client)}
          />
        )}
        {application.webhook_address !== null && (
          <AdminAct
            label="Make a new webhook secret"
            title={`Make a new secret for the webhook of ${name}?`}
            text="For a day more, messages are signed with the one before, too, so that you can change it without a break."
            method="POST"
            path={`${path}/webhook-secret`}
            onClosed={(body) => setMade(body as Client)}
          />
        )}
        <AdminAct
          label="Remove"
          look="danger"
          title={`Remove ${name}?`}
          text={`${whatEnds(sessions)} Nobody can log in to it any more. This can't be undone.`}
          method="DELETE"
          path={path}
          onDone={() => router.push("/admin/applications")}
        />
      </section>
    </>
  );
}

function whatEnds(sessions: number): string {
  if (sessions === 0) return "None of its sessions is live.";
  return sessions === 1 ? "1 session of it ends at once." : `${sessions} sessions of it end at once.`;
}
