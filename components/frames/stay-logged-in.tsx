"use client";

import { useEffect } from "react";
import { watchWhoIsHere } from "@/lib/browser/other-tabs.ts";
import { rotateSession } from "@/lib/browser/refresh.ts";

/** Shows nothing. Rotates the session where the page only renewed its access, and keeps the page its person's own. */
export function StayLoggedIn({ toRotate }: { toRotate: string | null }) {
  useEffect(watchWhoIsHere, []);
  useEffect(() => {
    if (toRotate) void rotateSession(toRotate);
  }, [toRotate]);
  return null;
}
