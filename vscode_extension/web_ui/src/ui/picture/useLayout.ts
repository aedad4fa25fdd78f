/** Lays a picture out and keeps the last layout until the next one is there, so that nothing flickers. */

import { useEffect, useMemo, useRef, useState } from "react";
import type { Marks } from "../../graph/marks";
import type { Picture, PictureEdge, PictureNode } from "../../graph/picture";
import { Layouter } from "../../layout/layout";
import { textWidth } from "../../layout/measure";
import type { Placed, Task } from "../../layout/types";
import { bounds, fitting, type Screen } from "./camera";
import { FONT, sizeOf, wordsOf, type Size, type Words } from "../../layout/words";

/** A type rather than an interface, since React Flow asks for an index signature. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type DrawnNode = {
  node: PictureNode;
  words: Words;
  size: Size;
};

export interface Drawing {
  picture: Picture;
  nodes: Map<string, DrawnNode>;
  edges: Map<string, PictureEdge>;
  placed: Placed;
  orientation: Task["orientation"];
}

const layouter = new Layouter();
void layouter.start();

export const hasButton = (node: PictureNode) =>
  node.open || (node.kind === "service" ? node.moreOut > 0 : node.kind === "event" && node.moreIn + node.moreOut > 0);

/** Up to this many nodes both ways are laid out, to take the one that fits the screen better. */
const BOTH_WAYS = 40;
/** Reading is easier from left to right, so the other way must be clearly better. */
const CLEARLY = 1.2;

/** `subject` names what the picture is about; while it stays the same, so does the orientation. */
export function useLayout(picture: Picture, marks: Marks, subject: string, frame: () => Screen): { drawing: Drawing | null; busy: boolean } {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const chosen = useRef<{ subject: string; orientation: Task["orientation"] } | null>(null);
  const prepared = useMemo(() => {
    const nodes = new Map(
      picture.nodes.map((node) => {
        const words = wordsOf(node, marks);
        return [node.id, { node, words, size: sizeOf(words, { icon: node.kind === "site", button: hasButton(node) }) }];
      }),
    );
    const task: Omit<Task, "orientation"> = {
      boxes: [...nodes].map(([id, { size }]) => ({ id, ...size })),
      lines: picture.edges.map(({ id, source, target, label }) => ({
        id,
        source,
        target,
        label: label ? { width: Math.ceil(textWidth(label, FONT.small)) + 14, height: 20 } : null,
      })),
    };
    return { nodes, task };
  }, [picture, marks]);

  useEffect(() => {
    let wanted = true;
    const draw = async (orientation: Task["orientation"]): Promise<Drawing> => {
      const placed = await layouter.place({ ...prepared.task, orientation });
      return { picture, nodes: prepared.nodes, edges: new Map(picture.edges.map((edge) => [edge.id, edge])), placed, orientation };
    };
    const best = async (): Promise<Drawing> => {
      if (chosen.current?.subject === subject) return draw(chosen.current.orientation);
      const screen = frame();
      if (picture.nodes.length > BOTH_WAYS) return draw(screen.height > screen.width ? "down" : "right");
      const [right, down] = [await draw("right"), await draw("down")];
      return fitting(bounds(down), screen) > CLEARLY * Math.min(1, fitting(bounds(right), screen)) ? down : right;
    };
    void best().then((next) => {
      if (!wanted) return;
      chosen.current = { subject, orientation: next.orientation };
      setDrawing(next);
    });
    return () => {
      wanted = false;
    };
  }, [picture, prepared, subject, frame]);

  return { drawing, busy: drawing?.picture !== picture };
}
