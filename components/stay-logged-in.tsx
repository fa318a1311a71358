"use client";

import { useEffect } from "react";
import { watchWhoIsHere } from "@/lib/browser/other-tabs.ts";
import { turnSession } from "@/lib/browser/refresh.ts";

/** Shows nothing. Turns the session where the page only renewed its access, and keeps the page its person's own. */
export function StayLoggedIn({ turn }: { turn: string | null }) {
  useEffect(watchWhoIsHere, []);
  useEffect(() => {
    if (turn) void turnSession(turn);
  }, [turn]);
  return null;
}
