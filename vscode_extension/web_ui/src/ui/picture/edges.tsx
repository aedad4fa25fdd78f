/** The edges, drawn along the layout's own points; dashed where the claim is only likely. */

import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import type { PictureEdge } from "../../graph/picture";
import { roundedPath } from "../../layout/path";
import type { Point } from "../../layout/types";

export type FlowEdge = Edge<{ edge: PictureEdge; points: Point[]; labelAt: Point | null; state: string; spoken: string; press: (edge: PictureEdge) => void }>;

function GraphEdge({ id, data, markerEnd }: EdgeProps<FlowEdge>): ReactNode {
  if (!data) return null;
  const { edge, points, labelAt, state, spoken, press } = data;
  const path = roundedPath(points);
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd === undefined ? {} : { markerEnd })} interactionWidth={18} />
      {labelAt && (
        <EdgeLabelRenderer>
          <button
            type="button"
            className={`edge-label nopan ${state} ${edge.certainty}`}
            style={{ transform: `translate(${labelAt.x}px, ${labelAt.y}px)` }}
            aria-label={spoken}
            onClick={() => press(edge)}
          >
            {edge.label}
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

export const edgeTypes = { graph: memo(GraphEdge) };
