// Rebuilds the page into a temporary folder and compares it with the committed one, byte for byte.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const committed = fileURLToPath(new URL("../../../lsp_server/pubsub_devtools_analysis/render/static/graph.html", import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), "web-ui-"));
try {
  await build({ root, logLevel: "warn", build: { outDir } });
  if (!readFileSync(join(outDir, "graph.html")).equals(readFileSync(committed))) {
    console.error("render/static/graph.html is not what the sources build. Run `npm run build` and commit it.");
    process.exitCode = 1;
  }
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
