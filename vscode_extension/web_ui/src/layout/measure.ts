/** How large a node must be for its words, known before it is drawn, since the layout comes first. */

const FALLBACK_FAMILY = "system-ui, sans-serif";

let context: CanvasRenderingContext2D | null | undefined;

export function textWidth(text: string, font: string): number {
  context ??= typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (!context) return text.length * 7;
  const family = getComputedStyle(document.body).fontFamily || FALLBACK_FAMILY;
  context.font = `${font} ${family}`;
  return context.measureText(text).width;
}
