import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { elk } from "./tooling/elk.ts";
import { singleFile } from "./tooling/singleFile.ts";

const committed = fileURLToPath(new URL("../../lsp_server/pubsub_devtools_analysis/render/static", import.meta.url));

export default defineConfig({
  plugins: [elk(), singleFile()],
  build: {
    outDir: committed,
    // The folder holds other committed files.
    emptyOutDir: false,
    target: ["chrome123", "firefox120", "safari17.5"],
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: "graph.html",
      checks: { pluginTimings: false },
      output: { format: "iife", codeSplitting: false },
      // "use client" concerns servers that render React; here is none.
      onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
    },
  },
  test: { include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"] },
});
