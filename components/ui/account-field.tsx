"use client";

import { createContext, type ReactNode, useContext } from "react";

type OwnAccount = {
  email: string;
  /** Whether the password alone proves too little. */
  strong: boolean;
};
const Own = createContext<OwnAccount>({ email: "", strong: false });

/** Lets forms in a logged-in person's pages, in dialogs too, say whose password they ask for. */
export function OwnAccountProvider({ email, strong, children }: OwnAccount & { children: ReactNode }) {
  return <Own value={{ email, strong }}>{children}</Own>;
}

/** Whether whoever is logged in must prove more than the password. */
export function useStrongAccount(): boolean {
  return useContext(Own).strong;
}

/**
 * Whose password the field beneath it is about: text for the person, the user name for password managers.
 *
 * @param email where nobody is logged in
 */
export function AccountField({ email }: { email?: string }) {
  const own = useContext(Own).email;
  return (
    <label className="block pb-1.5">
      <span className="block text-small text-quiet">Your account</span>
      <input
        type="text"
        name="username"
        autoComplete="username"
        readOnly
        tabIndex={-1}
        value={email ?? own}
        className="block w-full bg-transparent text-ellipsis"
      />
    </label>
  );
}
