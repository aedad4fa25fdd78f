/** Light, dark or high contrast: the editor's choice inside VS Code, else the user's, else the system's. */

import { useEffect, useState } from "react";

export type Theme = "auto" | "light" | "dark" | "contrast";
type Resolved = "light" | "dark" | "contrast";

const KEY = "pubsub-theme";

/** Storage may be forbidden for pages from disk; then the choice lasts as long as the page. */
function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" || value === "contrast" ? value : "auto";
  } catch {
    return "auto";
  }
}

/** VS Code writes its theme's kind on the body. */
function editorTheme(): Resolved | null {
  const kind = document.body.dataset.vscodeThemeKind;
  if (kind === undefined) return null;
  return kind.includes("high-contrast") ? "contrast" : kind.includes("light") ? "light" : "dark";
}

function resolve(theme: Theme): Resolved {
  const editor = editorTheme();
  if (editor) return editor;
  if (theme !== "auto") return theme;
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function useTheme(): { theme: Theme; setTheme: (theme: Theme) => void; fixed: boolean } {
  const [theme, setTheme] = useState(stored);
  useEffect(() => {
    const apply = () => (document.documentElement.dataset.theme = resolve(theme));
    apply();
    const queries = ["(prefers-contrast: more)", "(prefers-color-scheme: dark)"].map((query) => matchMedia(query));
    for (const query of queries) query.addEventListener("change", apply);
    const observer = new MutationObserver(apply);
    observer.observe(document.body, { attributeFilter: ["data-vscode-theme-kind"] });
    return () => {
      for (const query of queries) query.removeEventListener("change", apply);
      observer.disconnect();
    };
  }, [theme]);
  const choose = (chosen: Theme) => {
    setTheme(chosen);
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // See `stored`.
    }
  };
  return { theme, setTheme: choose, fixed: editorTheme() !== null };
}
