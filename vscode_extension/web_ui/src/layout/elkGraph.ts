/** Our layout values in ELK's JSON, and back. */

import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import type { Placed, Task } from "./types";

/**
 * Above these sizes ELK's simple placement is used: half the time for longer edges. (Its network simplex, the default of
 * many, took 41 s for 65 boxes and 228 lines.)
 */
const CAREFUL = { boxes: 60, lines: 90 };

export function toElk({ boxes, lines, orientation }: Task): ElkNode {
  const careful = boxes.length <= CAREFUL.boxes && lines.length <= CAREFUL.lines;
  return {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": orientation === "right" ? "RIGHT" : "DOWN",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.layered.nodePlacement.strategy": careful ? "BRANDES_KOEPF" : "SIMPLE",
      "elk.layered.thoroughness": careful ? "7" : "3",
      "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
      "elk.layered.spacing.nodeNodeBetweenLayers": orientation === "right" ? "52" : "44",
      "elk.layered.spacing.edgeNodeBetweenLayers": "22",
      "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
      "elk.spacing.nodeNode": "22",
      "elk.spacing.edgeNode": "16",
      "elk.spacing.edgeEdge": "12",
      "elk.spacing.edgeLabel": "2",
      "elk.spacing.componentComponent": "44",
      "elk.padding": "[top=20,left=20,bottom=20,right=20]",
    },
    children: boxes.map((box) => ({ ...box })),
    edges: lines.map((line) => ({
      id: line.id,
      sources: [line.source],
      targets: [line.target],
      // ELK passes over labels without a text.
      labels: line.label ? [{ text: "label", ...line.label, layoutOptions: { "elk.edgeLabels.inline": "true" } }] : [],
    })),
  };
}

export function fromElk(graph: ElkNode, by: Placed["by"]): Placed {
  return {
    boxes: new Map((graph.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }])),
    lines: new Map((graph.edges ?? []).map((edge) => [edge.id, lineOf(edge)])),
    by,
  };
}

function lineOf(edge: ElkExtendedEdge): { points: { x: number; y: number }[]; label: { x: number; y: number } | null } {
  const points = (edge.sections ?? []).flatMap((section) => [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
  const label = edge.labels?.[0];
  return { points, label: label ? { x: label.x ?? 0, y: label.y ?? 0 } : null };
}
