/** The few signs, drawn here so that every machine shows the same ones. */

import type { ReactNode } from "react";

const PATHS = {
  service: "M3 4h10v3H3zM3 9h10v3H3z",
  event: "M8.5 2 4 9h3.5L7 14l5-7.5H8z",
  publish: "M3 8h8M8 4.5 11.5 8 8 11.5M14 3v10",
  handle: "M2 3v10M5 8h8M9.5 4.5 13 8l-3.5 3.5",
  unhandled: "M2 8h7M12 4v8M9 8h3",
  unpublished: "M4 4v8M4 8h3M9 8h5",
  cycle: "M12.5 5.5A5 5 0 1 0 13 9M13 2.5v3.2H9.8",
  saga: "M3 3h4v4H3zM9 9h4v4H9zM5 7v4h4",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  copy: "M5 5h8v8H5zM3 11V3h8",
  close: "m4 4 8 8M12 4l-8 8",
  back: "M13 8H3M7 4 3 8l4 4",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5 14 14",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11v.5",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11M10 5l1.5-1M10.5 8h2.5M10 11l1.5 1",
  focus: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
