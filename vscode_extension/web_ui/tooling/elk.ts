/**
 * Gives ELK to the page as one function.
 *
 * A function can be called where it stands and its source can be read, so one copy serves both the worker (made from the
 * function's own text) and the main thread, and neither needs `eval`, which a webview's content policy forbids.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const ID = "virtual:elk";

export function elk(): Plugin {
  return {
    name: "elk-as-a-function",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const path = createRequire(import.meta.url).resolve("elkjs/lib/elk-worker.min.js");
      return `export function elk(module, exports) {\n${readFileSync(path, "utf8")}\n}\n`;
    },
  };
}
