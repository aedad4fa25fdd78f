/** The words of a node and the room that they need. Component and layout share them, so that neither guesses. */

import type { Certainty } from "../generated/graph";
import { MARK_WORDS, type Mark, type Marks } from "../graph/marks";
import { count, serviceName, serviceOf, shortPlace, splitName } from "../graph/names";
import type { PictureNode } from "../graph/picture";
import { textWidth } from "./measure";

export interface Words {
  prefix: string;
  title: string;
  meta: string;
  /** A second quiet line. */
  extra: string;
  marks: Mark[];
  certainty: Certainty;
}

export interface Size {
  width: number;
  height: number;
}

export function wordsOf(node: PictureNode, marks: Marks): Words {
  const none = { prefix: "", extra: "", marks: [], certainty: "sure" as const };
  if (node.kind === "service") {
    const { publishes, handles, key } = node.service;
    const inside = node.internal > 0 ? `${node.internal} handled inside` : "";
    return { ...none, title: serviceName(key), meta: `publishes ${publishes.size} · handles ${handles.size}`, extra: inside };
  }
  if (node.kind === "event") {
    const { event, publishers, handlers } = node.entry;
    const { prefix, tail } = splitName(event.name);
    return {
      ...none,
      prefix,
      title: tail,
      meta: `${count(publishers.length, "publisher")} · ${count(handlers.length, "handler")}`,
      extra: [event.transport, event.origin === "builtin" ? "built in" : event.origin === "workspace" ? "" : (event.origin ?? "")].filter(Boolean).join(" · "),
      marks: marks.of.get(event.id) ?? [],
    };
  }
  const { site } = node;
  const { prefix, tail } = splitName(site.symbol);
  return {
    ...none,
    prefix,
    title: tail,
    meta: shortPlace(site.place),
    extra: [serviceName(serviceOf(site)), site.in_tests ? "in tests" : ""].filter(Boolean).join(" · "),
    certainty: site.certainty,
  };
}

export const FONT = { title: "600 13px", small: "11px" };
const LINE = { title: 18, small: 15, marks: 22 };
/** Padding and border on each side. */
const PADDING = { x: 17, y: 9 };
const ICON = 16;
const TAG = 22;
/** The button that opens the node. */
const BUTTON = 30;
const WIDTH = { min: 132, max: 284 };

export function sizeOf(words: Words, { icon, button: hasButton }: { icon: boolean; button: boolean }): Size {
  const marksWidth = words.marks.reduce((sum, mark) => sum + textWidth(MARK_WORDS[mark], FONT.small) + 30, 0);
  const certaintyWidth = words.certainty === "sure" ? 0 : textWidth(words.certainty, FONT.small) + TAG;
  const titleWidth = textWidth(words.title, FONT.title) + 2;
  const button = hasButton ? BUTTON : 0;
  const wanted = Math.max(titleWidth + certaintyWidth + button, textWidth(words.meta, FONT.small) + (icon ? ICON : 0) + button, textWidth(words.extra, FONT.small) + button, marksWidth);
  const width = Math.ceil(Math.min(Math.max(wanted + 2 * PADDING.x, WIDTH.min), WIDTH.max));
  const inner = width - 2 * PADDING.x - button - certaintyWidth;
  // A wrapped line never fills its room to the last pixel.
  const lines = titleWidth <= inner ? 1 : Math.min(3, Math.ceil(titleWidth / (inner * 0.85)));
  const height =
    2 * PADDING.y +
    (words.prefix ? LINE.small : 0) +
    lines * LINE.title +
    LINE.small +
    (words.extra ? LINE.small : 0) +
    (words.marks.length > 0 ? LINE.marks : 0);
  return { width, height };
}
