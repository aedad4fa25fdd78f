// The built page with a graph inside, in a browser from the machine: for the end-to-end test and for pictures.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const built = fileURLToPath(new URL("../../../lsp_server/pubsub_devtools_analysis/render/static/graph.html", import.meta.url));
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @returns {string | undefined} */
export const findChromium = () => BROWSERS.find((path) => existsSync(path));

/** What Python does too: the text of the two elements is replaced, `<` escaped. @param {unknown} graph @param {unknown} [view] */
export function fill(graph, view = null) {
  const text = typeof graph === "string" ? graph : JSON.stringify(graph);
  /** @param {string} id */
  const empty = (id) => `<script type="application/json" id="${id}">null</script>`;
  /** @param {string} id @param {string} json */
  const full = (id, json) => empty(id).replace("null", () => json.replaceAll("<", "\\u003c"));
  const page = readFileSync(built, "utf8");
  for (const id of ["pubsub-graph", "pubsub-view"]) if (page.split(empty(id)).length !== 2) throw new Error(`the page must hold ${empty(id)} exactly once`);
  return page.replace(empty("pubsub-graph"), () => full("pubsub-graph", text)).replace(empty("pubsub-view"), () => full("pubsub-view", JSON.stringify(view)));
}

/** @param {(browser: import("playwright-core").Browser, write: (html: string) => string) => Promise<void>} visit */
export async function withBrowser(visit) {
  const folder = mkdtempSync(join(tmpdir(), "web-ui-"));
  // As root, as in most containers, Chromium runs without its sandbox only; the page is our own.
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  let pages = 0;
  try {
    await visit(browser, (html) => {
      const path = join(folder, `page-${++pages}.html`);
      writeFileSync(path, html);
      return pathToFileURL(path).href;
    });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the picture stands: laid out and drawn. @param {import("playwright-core").Page} page */
export async function settled(page) {
  await page.locator('.canvas[data-busy="false"] .node').first().waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
