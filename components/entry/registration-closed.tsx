import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";

/** What the pages of a registration say while only admins make accounts. */
export function RegistrationClosed() {
  return (
    <NarrowPage
      title="Registration is closed"
      lead="New accounts are made by invitation here. Ask an administrator for one; the way in comes by e-mail."
    >
      <div>
        <LinkButton href="/login">Log in</LinkButton>
      </div>
    </NarrowPage>
  );
}
