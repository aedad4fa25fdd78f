/**
 * The program around the page, where there is one: it opens places in an editor.
 *
 * VS Code gives its webviews `acquireVsCodeApi`; any other host puts an object with `postMessage` into `pubsubHost` before
 * the page's script runs. Without a host, places are text to copy.
 */

import type { Place } from "./generated/graph";

export interface HostMessage {
  type: "open";
  place: Place;
}

interface Poster {
  postMessage(message: HostMessage): void;
}

declare global {
  interface Window {
    pubsubHost?: Poster;
    acquireVsCodeApi?: () => Poster;
  }
}

export interface Host {
  open(place: Place): void;
}

export function findHost(window: Pick<Window, "pubsubHost" | "acquireVsCodeApi">): Host | null {
  const poster = window.pubsubHost ?? window.acquireVsCodeApi?.();
  return poster ? { open: (place) => poster.postMessage({ type: "open", place }) } : null;
}
