"use client";

import { Button } from "@/components/ui/button.tsx";
import { NarrowPage } from "./narrow-page.tsx";

/** In place of a page that could not be made: what that means, and the way on. It tells nothing of the cause. */
export function TryAgain() {
  return (
    <NarrowPage
      title="This page can't be shown now"
      lead="Something went wrong on our side, or the database is away for a moment. Nothing of yours was changed."
    >
      <div>
        <Button onClick={() => window.location.reload()}>Try again</Button>
      </div>
    </NarrowPage>
  );
}
