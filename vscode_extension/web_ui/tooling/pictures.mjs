// Takes pictures of the page in all its states, to be looked at: npm run pictures -- FOLDER [NAME ...]

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../fixtures/generate.mjs";
import { shop } from "../fixtures/shop.mjs";
import { fill, settled, withBrowser } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ graph?: unknown, view?: unknown, width?: number, height?: number, dark?: boolean, theme?: string, act?: (page: Page) => Promise<unknown>, message?: boolean }} Scene */

const huge = generate({ events: 2000 });
const favourite = [...new Set(huge.sites.map((site) => site.event))].sort((a, b) => huge.sites.filter((s) => s.event === b).length - huge.sites.filter((s) => s.event === a).length)[0];
/** @param {string} id */
const node = (id) => `[data-node="${id}"]`;

/** @type {Record<string, Scene>} */
const scenes = {
  services: {},
  "services-dark": { dark: true },
  "service-open": { act: (page) => page.locator(node("service payments")).click() },
  event: { view: { event: "OrderPlaced" } },
  "event-dark": { view: { event: "PaymentFailed", depth: 3 }, dark: true },
  "event-contrast": { view: { event: "PaymentFailed" }, theme: "contrast" },
  handler: { view: { event: "OrderPlaced" }, act: (page) => page.locator(node("site shop/stock/handlers.py:18:4:handle")).click() },
  edge: { act: (page) => page.locator(".edge-label").first().click() },
  coverage: { act: (page) => page.locator(".footer .link").click() },
  table: { act: (page) => page.getByRole("button", { name: "Table" }).click() },
  search: { act: (page) => page.getByRole("searchbox").fill("order") },
  filters: { act: (page) => page.getByText("Filters").click() },
  "narrow-services": { width: 360, height: 740 },
  "narrow-event": { width: 360, height: 740, view: { event: "StockReserved", depth: 1 } },
  "narrow-list": { width: 360, height: 740, act: (page) => page.getByRole("button", { name: "Search", exact: true }).click() },
  "narrow-details": { width: 360, height: 740, view: { event: "OrderPlaced" }, act: (page) => page.getByRole("button", { name: "Details", exact: true }).click() },
  "narrow-table": { width: 360, height: 740, act: (page) => page.getByRole("button", { name: "Table" }).click() },
  middle: { width: 900, height: 700, view: { event: "StockReserved" } },
  "huge-services": { graph: huge },
  "huge-open": { graph: huge, act: (page) => page.locator(".node .body").nth(3).click() },
  "huge-event": { graph: huge, view: { event: favourite } },
  "huge-4k": { graph: huge, width: 3840, height: 2160, view: { event: favourite, depth: 3 } },
  "middle-size": { graph: generate({ events: 300 }) },
  small: { graph: generate({ events: 15 }) },
  empty: { graph: { ...shop, events: [], sites: [] }, message: true },
  broken: { graph: '{"format": 1, "events": [', message: true },
  format: { graph: { ...shop, format: 7 }, message: true },
  absent: { graph: null, message: true },
};

const [folder = ".scratch/pictures", ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await withBrowser(async (browser, write) => {
  for (const [name, scene] of Object.entries(scenes)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { graph = shop, view, width = 1440, height = 900, dark = false, theme, act, message = false } = scene;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
    page.on("console", (line) => console.log(name, line.type(), line.text()));
    page.on("pageerror", (error) => console.log(name, "error", error.message));
    await page.goto(write(fill(graph, view)));
    if (message) await page.locator(".message").waitFor();
    else await settled(page);
    if (theme) await page.getByLabel("Colours").selectOption(theme);
    if (act) await act(page);
    await page.waitForTimeout(message ? 0 : 700);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
});
