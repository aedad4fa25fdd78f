/** The nodes: a service is a stack, an event a pill, a publisher or handler a card. Shape tells them apart, colour helps. */

import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { nodeName, type PictureNode } from "../../graph/picture";
import { Breakable, CertaintyTag, MarkTag } from "../parts";
import { Icon } from "../icons";
import { MARK_WORDS } from "../../graph/marks";
import { hasButton, type DrawnNode } from "./useLayout";

export interface NodeActions {
  press: (node: PictureNode) => void;
  toggle: (node: PictureNode) => void;
  more: (node: PictureNode, side: "in" | "out") => void;
}

export type FlowNode = Node<DrawnNode & { selected: boolean; reachable: boolean; actions: NodeActions }>;

function GraphNode({ data }: NodeProps<FlowNode>): ReactNode {
  const { node, words, selected, reachable, actions } = data;
  const kind = node.kind === "site" ? node.site.kind : node.kind;
  const classes = ["node", kind, words.certainty];
  if (selected) classes.push("selected");
  if (node.kind === "event" && node.isFocus) classes.push("focus");
  if (words.marks.length > 0) classes.push("marked");
  if (node.kind === "site" && node.site.in_tests) classes.push("test");
  return (
    <div className={classes.join(" ")}>
      <Handle type="target" position={Position.Left} />
      <Handle type="source" position={Position.Right} />
      <button type="button" className="body" data-node={node.id} tabIndex={reachable ? 0 : -1} aria-label={spoken(data)} aria-pressed={selected} onClick={() => actions.press(node)}>
        {words.prefix && <span className="prefix">{words.prefix}</span>}{" "}
        <span className="title">
          <span>
            <Breakable text={words.title} />
          </span>{" "}
          <CertaintyTag certainty={words.certainty} />
        </span>{" "}
        <span className="meta">
          {node.kind === "site" && <Icon name={node.site.kind === "handle" ? "handle" : "publish"} />}
          {words.meta}
        </span>{" "}
        {words.extra && <span className="meta">{words.extra}</span>}{" "}
        {words.marks.length > 0 && (
          <span className="marks">
            {words.marks.map((mark) => (
              <span key={mark}>
                <MarkTag mark={mark} />{" "}
              </span>
            ))}
          </span>
        )}
      </button>
      {hasButton(node) && (
        <button
          type="button"
          className="toggle"
          tabIndex={reachable ? 0 : -1}
          aria-expanded={node.open}
          aria-label={`${node.open ? "Close" : "Open"} ${nodeName(node)}`}
          onClick={() => actions.toggle(node)}
        >
          <Icon name={node.open ? "minus" : "plus"} />
        </button>
      )}
      {node.kind === "event" && node.numbers && node.moreIn > 0 && <More side="in" number={node.moreIn} data={data} />}
      {node.kind === "event" && node.numbers && node.moreOut > 0 && <More side="out" number={node.moreOut} data={data} />}
      {node.kind === "service" && node.open && node.moreOut > 0 && <More side="out" number={node.moreOut} data={data} />}
    </div>
  );
}

/** How much the side keeps back; pressing it brings some of it. */
function More({ side, number, data: { node, actions, reachable } }: { side: "in" | "out"; number: number; data: FlowNode["data"] }): ReactNode {
  const what = node.kind === "service" ? "events" : side === "in" ? "that lead here" : "that follow";
  return (
    <button type="button" className={`more ${side}`} tabIndex={reachable ? 0 : -1} aria-label={`${number} more ${what}: ${nodeName(node)}`} title={`${number} more ${what}`} onClick={() => actions.more(node, side)}>
      +{number}
    </button>
  );
}

function spoken({ node, words }: DrawnNode): string {
  const kind = node.kind === "site" ? (node.site.kind === "handle" ? "Handler" : "Publisher") : node.kind === "event" ? "Event" : "Service";
  const certainty = words.certainty === "sure" ? "" : words.certainty;
  // In the order of what is seen, so that saying what one sees finds the button.
  const parts = [`${kind} ${words.prefix}${words.title}`, certainty, words.meta, words.extra, ...words.marks.map((mark) => MARK_WORDS[mark])];
  return parts.filter(Boolean).join(", ");
}

export const nodeTypes = { graph: memo(GraphNode) };
