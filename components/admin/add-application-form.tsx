"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { CheckboxField } from "@/components/ui/checkbox-field.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { LinesField } from "@/components/ui/lines-field.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { type Client, ShownClient } from "./shown-client.tsx";

const EMPTY = {
  name: "",
  redirect_addresses: "",
  logged_out_addresses: "",
  confidential: false,
  backchannel_address: "",
  webhook_address: "",
};

/** Adds an application, and shows what its client needs in place of itself. */
export function AddApplicationForm({ issuer }: { issuer: string }) {
  const [added, setAdded] = useState<Client | null>(null);
  if (!added) return <Form onAdded={setAdded} />;
  return (
    <>
      <ShownClient client={added} issuer={issuer} title={`${added.name} was added`} />
      <div className="flex flex-wrap gap-3">
        <LinkButton href={`/admin/applications/${added.client_id}`}>Go to its page</LinkButton>
        <LinkButton look="quiet" href="/admin/applications">
          All applications
        </LinkButton>
      </div>
    </>
  );
}

function Form({ onAdded }: { onAdded: (client: Client) => void }) {
  const form = useForm({
    resolver: zodResolver(AddApplicationRequest, undefined, { raw: true }),
    defaultValues: EMPTY,
  });
  const { callConfirmed, dialog } = useConfirmed();
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (typed) => callConfirmed<Client>("POST", "/api/admin/applications", typed),
    onDone: onAdded,
  });

  return (
    <>
      <form
        method="post"
        action="/admin/applications/new"
        onSubmit={submit}
        noValidate
        className="max-w-xl space-y-4"
      >
        <Field
          label="Name"
          hint="People read it where they log in and in the list of their devices."
          autoComplete="off"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <LinesField
          label="Redirect addresses"
          hint="Where its log-ins may end, one a line, exactly as its client sends them."
          placeholder="https://shop.example.com/callback"
          error={errors.redirect_addresses?.message}
          {...form.register("redirect_addresses")}
        />
        <LinesField
          label="Logged-out addresses (may be left empty)"
          hint="Where it may send a browser after a log-out, one a line."
          placeholder="https://shop.example.com/"
          error={errors.logged_out_addresses?.message}
          {...form.register("logged_out_addresses")}
        />
        <CheckboxField
          label="It can keep a secret"
          hint="A program on your own server can. Scripts in a browser and apps on a phone can't."
          {...form.register("confidential")}
        />
        <Field
          label="Back-channel log-out address (may be left empty)"
          hint="Where it is told that a session of its own ended."
          type="url"
          autoComplete="off"
          error={errors.backchannel_address?.message}
          {...form.register("backchannel_address")}
        />
        <Field
          label="Webhook address (may be left empty)"
          hint="Where it is told what happens to people and sessions."
          type="url"
          autoComplete="off"
          error={errors.webhook_address?.message}
          {...form.register("webhook_address")}
        />
        <FormError>{problem}</FormError>
        <Button type="submit" busy={isSubmitting && "Adding …"}>
          Add application
        </Button>
      </form>
      {dialog}
    </>
  );
}
