import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { DESTINATION_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { HOME_PATH } from "@/lib/contract/next-path.ts";
import { durationWords } from "@/lib/contract/number-words.ts";

/** Where a log-in can't go on to what it was begun for. */
export function DestinationEnded({ loggedIn }: { loggedIn: boolean }) {
  return (
    <NarrowPage
      title="This log-in can't go on"
      lead={`It was begun more than ${durationWords(DESTINATION_LIFETIME_SECONDS)} ago, or in another browser. Go back to where you came from, and log in from there.`}
    >
      <div className="flex flex-wrap gap-3">
        <LinkButton href={loggedIn ? HOME_PATH : "/login"} look="quiet">
          {loggedIn ? "Your devices" : "Log in here instead"}
        </LinkButton>
      </div>
    </NarrowPage>
  );
}
