/** What the shapes and lines mean. */

import type { ReactNode } from "react";
import { Icon } from "../icons";

export function Legend(): ReactNode {
  return (
    <details className="legend">
      <summary>Legend</summary>
      <ul>
        <li>
          <span className="sample service" /> service
        </li>
        <li>
          <span className="sample event" /> event
        </li>
        <li>
          <span className="sample publish">
            <Icon name="publish" />
          </span>
          publisher
        </li>
        <li>
          <span className="sample handle">
            <Icon name="handle" />
          </span>
          handler
        </li>
        <li>
          <span className="sample line" /> sure
        </li>
        <li>
          <span className="sample line dashed" /> only likely
        </li>
        <li>
          <span className="sample number">+3</span> kept back, press to show
        </li>
      </ul>
    </details>
  );
}
