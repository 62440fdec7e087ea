import type { Shapes } from "../api/shapes.ts";

/**
 * Opens the site as the user sees it, in a tab of its own. The token goes from window to window and is in no address,
 * cookie or storage.
 */
export function openLook(answer: unknown): void {
  const token = answer as Shapes["accessToken"];
  const tab = window.open("../#/look", "_blank");
  if (tab === null) return;
  const hand = ({ origin, source, data }: MessageEvent<unknown>) => {
    if (origin !== location.origin || source !== tab || data !== "look-ready") return;
    removeEventListener("message", hand);
    tab.postMessage({ kind: "look", token }, location.origin);
  };
  addEventListener("message", hand);
}
