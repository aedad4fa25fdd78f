/** The filters; a choice that this graph does not offer is not shown. */

import { useMemo, type ReactNode } from "react";
import { activeFilters, choices, NO_FILTERS, type Filters } from "../graph/filter";
import { MARK_WORDS } from "../graph/marks";
import { serviceName } from "../graph/names";
import { useExplorer } from "./explorer";

export function FilterPanel(): ReactNode {
  const { whole, view, dispatch } = useExplorer();
  const { filters } = view;
  const offered = useMemo(() => choices(whole.graph), [whole]);
  const change = (part: Partial<Filters>) => dispatch({ type: "filter", change: part });
  const active = activeFilters(filters);
  return (
    <details className="filters">
      <summary>
        Filters {active > 0 && <span className="count">{active} on</span>}
      </summary>
      <div className="filter-grid">
        {/* A service may have the empty name, so its value carries a mark of its own. */}
        <Choice label="Service" value={filters.service === null ? "" : `=${filters.service}`} all="All services" options={offered.services.map((key) => [`=${key}`, serviceName(key)])} choose={(value) => change({ service: value === "" ? null : value.slice(1) })} />
        <Choice label="Transport" value={filters.transport} all="All transports" options={offered.transports.map((name) => [name, name])} choose={(transport) => change({ transport })} />
        <Choice label="Dialect" value={filters.dialect} all="All dialects" options={offered.dialects.map((name) => [name, name])} choose={(dialect) => change({ dialect })} />
        <Choice label="Only" value={filters.mark} all="All events" options={Object.entries(MARK_WORDS)} choose={(mark) => change({ mark: mark as Filters["mark"] })} />
        <label>
          <span>Certainty</span>
          <select value={filters.certainty} onChange={(event) => change({ certainty: event.target.value as Filters["certainty"] })}>
            <option value="sure">Sure only</option>
            <option value="likely">Sure and likely</option>
            {offered.guesses && <option value="guess">Guesses too</option>}
          </select>
        </label>
        {offered.tests && <Check label="Sites in tests" checked={filters.tests} set={(tests) => change({ tests })} />}
        {offered.builtin && <Check label="Built-in events" checked={filters.builtin} set={(builtin) => change({ builtin })} />}
        {active > 0 && (
          <button type="button" className="action" onClick={() => change(NO_FILTERS)}>
            Clear filters
          </button>
        )}
      </div>
    </details>
  );
}

function Choice({ label, value, all, options, choose }: { label: string; value: string; all: string; options: [string, string][]; choose: (value: string) => void }): ReactNode {
  if (options.length < 2) return null;
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{all}</option>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({ label, checked, set }: { label: string; checked: boolean; set: (checked: boolean) => void }): ReactNode {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => set(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
