import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page's scripts run yet: false on the server and until React has taken the page over. */
export function useInteractive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
