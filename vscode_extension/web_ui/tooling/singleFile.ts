/** Puts script, style and licence notices into the page itself, so that one file from disk is the whole product. */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin, Rolldown } from "vite";

export function singleFile(): Plugin {
  return {
    name: "single-file",
    enforce: "post",
    generateBundle(_options, bundle) {
      const parts = Object.values(bundle);
      const page = parts.find((part) => part.fileName.endsWith(".html"));
      if (page?.type !== "asset") throw new Error("the build made no page");
      const chunks = parts.filter((part) => part.type === "chunk");
      const styles = parts.filter((part) => part.fileName.endsWith(".css"));

      const notices = `<!--\n${licences(chunks).replaceAll("--", "- -")}\n-->`;
      const css = styles.map((style) => (style.type === "asset" ? String(style.source) : "")).join("\n");
      const code = chunks.map((chunk) => chunk.code).join("\n");
      page.source = String(page.source)
        .replace(/\s*<(?:script|link)\b[^>]*\b(?:src|href)="[^"]*assets\/[^"]*"[^>]*>(?:<\/script>)?/g, "")
        .replace("</head>", () => `<style>${css.trim()}</style>\n${notices}\n</head>`)
        .replace("</body>", () => `<script>${inline(code.trim())}</script>\n</body>`);
      for (const part of parts) if (part !== page) Reflect.deleteProperty(bundle, part.fileName);
    },
  };
}

/** Inside a script element only these two sequences end or nest it; in code they occur in strings alone. */
function inline(code: string): string {
  return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

interface Manifest {
  name: string;
  version: string;
  license: string;
}

/** The notices that the licences of the bundled packages ask for; a text that several share stands once. */
function licences(chunks: Rolldown.OutputChunk[]): string {
  const folders = new Set(
    chunks.flatMap((chunk) => Object.keys(chunk.modules)).flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []),
  );
  // ELK comes in through a module of our own, which no folder name gives away.
  folders.add(dirname(createRequire(import.meta.url).resolve("elkjs/package.json")));
  const texts = new Map<string, string[]>();
  const manifests = [...folders]
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest }))
    .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
  for (const { folder, manifest } of manifests) {
    const { text, holders } = licence(folder, manifest);
    texts.set(text, [...(texts.get(text) ?? []), `${manifest.name} ${manifest.version} (${manifest.license}) ${holders}`.trim()]);
  }
  return [...texts].map(([text, names]) => `${names.join("\n")}\n\n${text}`).join("\n\n");
}

function licence(folder: string, { license }: Manifest): { text: string; holders: string } {
  if (license.startsWith("EPL"))
    return { text: "Source: https://github.com/kieler/elkjs, under https://www.eclipse.org/legal/epl-2.0", holders: "Kiel University and others" };
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const lines = name === undefined ? [] : readFileSync(join(folder, name), "utf8").split("\n").map((line) => line.trim());
  const holders = lines.filter((line) => /^copyright/i.test(line)).join("; ");
  const text = lines.filter((line) => line !== "" && !/^(copyright|the )?\(?(mit|isc)?\)?( license)?( \(mit\))?$/i.test(line) && !/^copyright/i.test(line)).join(" ");
  return { text, holders };
}
