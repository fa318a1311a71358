import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * Whether the page's scripts run yet. Until then a form must not be sent: the browser would do it by itself, without
 * us, and what was typed would be lost.
 */
export function useInteractive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
