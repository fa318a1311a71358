import type { Metadata } from "next";
import Link from "next/link";
import { DeleteAccount } from "@/components/account/delete-account.tsx";
import { DownloadData } from "@/components/account/download-data.tsx";
import { NameForm } from "@/components/account/name-form.tsx";
import { AccountPage } from "@/components/frames/account-page.tsx";
import { FullDay } from "@/components/ui/local-time.tsx";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { instant } from "@/lib/base/clock.ts";
import { requirePagePrincipal } from "@/lib/http/pages/page-principal.ts";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const { principal } = await requirePagePrincipal("/account");
  const user = showAccount(principal);
  return (
    <AccountPage title="Profile" user={user} at="/account">
      <section aria-label="About you" className="space-y-6">
        <NameForm name={user.name} />
        <dl className="space-y-4">
          <div>
            <dt className="font-medium">E-mail address</dt>
            <dd className="break-words text-quiet">
              <span className="block">{user.email}</span>
              <Link
                href="/account/security"
                prefetch={false}
                className="inline-block py-2.5 text-ink underline underline-offset-4"
              >
                Change it
              </Link>
            </dd>
          </div>
          {user.role === "admin" && (
            <div>
              <dt className="font-medium">Role</dt>
              <dd className="text-quiet">Administrator</dd>
            </div>
          )}
        </dl>
        <p className="text-quiet">
          Joined <FullDay at={instant(user.created_at)} />
        </p>
      </section>
      <section className="space-y-3 border-t border-line pt-8">
        <h2 className="text-lead font-semibold">Your data</h2>
        <p className="max-w-prose text-quiet">
          Everything that is held about you, as a JSON file: your profile, devices and activity, and which
          mails were sent to you. No password or code is in it.
        </p>
        <DownloadData />
      </section>
      <section className="space-y-3 border-t border-line pt-8">
        <h2 className="text-lead font-semibold">Delete account</h2>
        <p className="max-w-prose text-quiet">
          Deletes your account and all that belongs to it, for good. What stays is one line that says that an
          account was deleted, without your name or address.
        </p>
        <DeleteAccount />
      </section>
    </AccountPage>
  );
}
