"use client";

import { signIn } from "next-auth/react";

export function LogInButton() {
  return (
    <button type="button" onClick={() => signIn("keyturn")}>
      Log in
    </button>
  );
}
