/** Search and its results; without a query, all events that the filters leave. */

import { useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { NO_FILTERS } from "../graph/filter";
import { count } from "../graph/names";
import { buildSearch, search, type Hit, type HitKind } from "../graph/search";
import type { Action } from "../view";
import { useExplorer } from "./explorer";
import { FilterPanel } from "./FilterPanel";
import { Icon, type IconName } from "./icons";
import { MarkTags, Name } from "./parts";

const PAGE = 100;

const GROUPS: [HitKind, string, IconName][] = [
  ["event", "Events", "event"],
  ["service", "Services", "service"],
  ["handler", "Handlers", "handle"],
  ["publisher", "Publishers", "publish"],
  ["saga", "Sagas", "saga"],
  ["file", "Files", "file"],
];

export function ListPanel(): ReactNode {
  const { whole, index, view, dispatch } = useExplorer();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const query = useDeferredValue(view.query);
  const entries = useMemo(() => buildSearch(index), [index]);
  const hits = useMemo(() => search(entries, query), [entries, query]);
  const allEvents = useMemo<Hit[]>(
    () =>
      [...index.events.values()]
        .map((entry): Hit => ({ kind: "event", id: entry.event.id, text: entry.event.name, detail: entry.event.transport }))
        .sort((a, b) => a.text.localeCompare(b.text, "en")),
    [index],
  );
  const hidden = useMemo(() => (hits.length === 0 && query.trim() !== "" ? search(buildSearch(whole), query).length : 0), [hits, query, whole]);
  useSlashKey(input, dispatch);

  const shown = query.trim() === "" ? allEvents : hits;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && view.query !== "") dispatch({ type: "query", query: "" });
    if (event.key === "Enter" && event.target === input.current) {
      // The list may be a moment behind the typing.
      const first = search(entries, view.query)[0];
      if (first) choose(first, dispatch);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>(".hit") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (at < 0 && event.target !== input.current) return;
    event.preventDefault();
    if (at === 0 && event.key === "ArrowUp") input.current?.focus();
    else rows[event.key === "ArrowDown" ? at + 1 : at - 1]?.focus();
  };

  return (
    <section className="list" aria-label="Search" onKeyDown={onKeyDown}>
      <div className="search">
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          placeholder="Event, handler, file"
          aria-label="Search events, handlers and files"
          aria-keyshortcuts="/"
          value={view.query}
          onChange={(event) => dispatch({ type: "query", query: event.target.value })}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <FilterPanel />
      <div className="results" ref={list}>
        <p className="quiet summary" role="status">
          {query.trim() === "" ? count(shown.length, "event") : count(shown.length, "match", "matches")}
        </p>
        {GROUPS.map(([kind, title, icon]) => (
          <Group key={`${kind} ${query}`} title={query.trim() === "" ? "" : title} icon={icon} hits={shown.filter((hit) => hit.kind === kind)} />
        ))}
        {shown.length === 0 && (
          <p>
            Nothing found.{" "}
            {hidden > 0 && (
              <button type="button" className="link" onClick={() => dispatch({ type: "filter", change: NO_FILTERS })}>
                {count(hidden, "match", "matches")} without the filters
              </button>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

function Group({ title, icon, hits }: { title: string; icon: IconName; hits: readonly Hit[] }): ReactNode {
  const { view, dispatch } = useExplorer();
  const [pages, setPages] = useState(1);
  if (hits.length === 0) return null;
  const left = hits.length - pages * PAGE;
  return (
    <section>
      {title && (
        <h2>
          {title}
          <span className="count">{hits.length}</span>
        </h2>
      )}
      <ul>
        {hits.slice(0, pages * PAGE).map((hit) => (
          <li key={hit.id}>
            <button type="button" className="hit" aria-current={isCurrent(hit, view.selected)} onClick={() => choose(hit, dispatch)}>
              <Icon name={icon} />
              <span className="hit-text">
                <Name text={hit.text} />
                <span className="quiet">
                  {hit.detail}
                  {hit.kind === "event" && <Counts id={hit.id} />}
                </span>
                {hit.kind === "event" && (
                  <span className="tags">
                    <MarkTags id={hit.id} />
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button type="button" className="action" onClick={() => setPages(pages + 1)}>
          Show {Math.min(left, PAGE)} more of {left.toLocaleString("en")}
        </button>
      )}
    </section>
  );
}

function Counts({ id }: { id: string }): ReactNode {
  const entry = useExplorer().whole.events.get(id);
  if (!entry) return null;
  const { publishers, handlers, tests } = entry;
  return (
    <>
      {" · "}
      {count(publishers.length, "publisher")} · {count(handlers.length, "handler")}
      {tests.length > 0 && ` · ${tests.length} in tests`}
    </>
  );
}

function isCurrent(hit: Hit, selected: ReturnType<typeof useExplorer>["view"]["selected"]): boolean {
  return selected !== null && "id" in selected && selected.id === hit.id && selected.kind !== "edge";
}

function choose({ kind, id }: Hit, dispatch: (action: Action) => void): void {
  if (kind === "event") dispatch({ type: "focus", focus: { kind: "event", id } });
  else if (kind === "service") {
    dispatch({ type: "focus", focus: { kind: "services" } });
    dispatch({ type: "openService", key: id });
  } else dispatch({ type: "select", selected: { kind: kind === "handler" || kind === "publisher" ? "site" : kind, id }, pane: "details" });
}

/** `/` goes to the search field, from anywhere but another field. */
function useSlashKey(input: React.RefObject<HTMLInputElement | null>, dispatch: (action: Action) => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, select, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      dispatch({ type: "pane", pane: "list" });
      // On a narrow screen the list is not there before the next frame.
      requestAnimationFrame(() => {
        input.current?.focus();
        input.current?.select();
      });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [input, dispatch]);
}
