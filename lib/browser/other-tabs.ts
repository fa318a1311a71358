const CHANGED = "keyturn changed";

/** Pages that show who is logged in, or depend on it. */
const PERSONAL = /^\/(account|admin|login)(\/|$)/;

/** Lets this browser's other tabs know that somebody logged in or out here. */
export function tellOtherTabs(): void {
  try {
    localStorage.setItem(CHANGED, String(performance.timeOrigin + performance.now()));
  } catch {
    // A browser that keeps nothing tells nobody; a tab finds out at its next click.
  }
}

let lookedBack = false;

/**
 * Whether somebody logged in or out while this page was on its way, when nothing listened here yet; asked once a page. A
 * time that has not come, as after a clock was set back, says nothing.
 */
function changedOnTheWay(): boolean {
  if (lookedBack) return false;
  lookedBack = true;
  try {
    const changedMs = Number(localStorage.getItem(CHANGED));
    return changedMs > performance.timeOrigin && changedMs <= performance.timeOrigin + performance.now();
  } catch {
    return false;
  }
}

/**
 * Keeps a page from showing what is not this person's any more: it loads anew when somebody logged in or out in another
 * tab, also while it was on its way, and when the back button brings it back whole, until which it is blank. Returns what ends the watch.
 */
export function watchWhoIsHere(): () => void {
  const isPersonal = () => PERSONAL.test(window.location.pathname);
  if (changedOnTheWay() && isPersonal()) window.location.reload();
  const onStorage = ({ key }: StorageEvent) => {
    if (key === CHANGED && isPersonal()) window.location.reload();
  };
  const onHide = ({ persisted }: PageTransitionEvent) => {
    if (persisted && isPersonal()) document.body.hidden = true;
  };
  const onShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted && isPersonal()) window.location.reload();
  };
  window.addEventListener("storage", onStorage);
  window.addEventListener("pagehide", onHide);
  window.addEventListener("pageshow", onShow);
  return () => {
    window.removeEventListener("storage", onStorage);
    window.removeEventListener("pagehide", onHide);
    window.removeEventListener("pageshow", onShow);
  };
}
