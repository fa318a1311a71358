"use client";

import { CopyButton } from "@/components/ui/copy-button.tsx";
import { type Fact, Facts } from "@/components/ui/facts.tsx";

/** What a client is configured with; a secret is shown this once. */
export type Client = {
  name: string;
  client_id: string;
  confidential: boolean;
  client_secret: string | null;
  webhook_secret: string | null;
};

const focus = (element: HTMLElement | null) => element?.focus();

/** Shows what to put into the client's configuration, each value to copy. It takes the focus: its form is done. */
export function ShownClient({ client, issuer, title }: { client: Client; issuer: string; title: string }) {
  const { client_id: id, client_secret: secret, webhook_secret: signs, confidential } = client;
  const facts: Fact[] = [
    ["Issuer", <Value key="issuer" name="issuer" text={issuer} />],
    ["client_id", <Value key="id" name="client_id" text={id} />],
    ...(secret
      ? [["client_secret", <Value key="secret" name="client_secret" text={secret} />] as const]
      : []),
    ...(confidential ? [] : [["client_secret", "none: it is public"] as const]),
    ...(signs ? [["Webhook secret", <Value key="signs" name="webhook secret" text={signs} />] as const] : []),
  ];
  return (
    <section
      aria-labelledby="shown-client"
      className="max-w-3xl space-y-4 rounded-xl border border-accent bg-surface p-5"
    >
      <h2 id="shown-client" ref={focus} tabIndex={-1} className="font-semibold wrap-anywhere">
        {title}
      </h2>
      <p>
        Put this into its client's configuration.
        {(secret || signs) && " A secret is shown only this time: put it away now."}
      </p>
      <Facts facts={facts} />
    </section>
  );
}

function Value({ name, text }: { name: string; text: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <code className="min-w-0 font-mono break-all">{text}</code>
      <CopyButton text={text} what={name} />
    </span>
  );
}
