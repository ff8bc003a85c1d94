import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Catalog } from '../../../common/connect/catalog.ts';
import type { ConfigEntries } from '../../../common/connect/properties-text.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Keys } from '../../components/keys.tsx';
import { Segments } from '../../components/segments.tsx';
import { Select } from '../../components/select.tsx';
import { Empty, Problem, Waiting } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';
import { useCommand } from '../../keyboard/commands.tsx';
import { CatalogDetail } from './catalog-detail.tsx';
import {
  type CatalogEntry,
  type CatalogFilter,
  type CatalogGroup,
  catalogGroups,
  counts,
  filtered,
  isConnector,
  NO_FILTER,
} from './catalog-list.ts';
import '../../components/page.css';
import './catalog-screen.css';

export interface CatalogScreenProps {
  catalog: Catalog | undefined;
  /** Why it could not be read. */
  problem: unknown;
  worker: Connection<WorkerClient>;
  onCreate(config: ConfigEntries): void;
}

/** Every plugin that a configuration can name, with what it says of itself, and what could not be used. */
export function CatalogScreen({ catalog, problem, worker, onCreate }: CatalogScreenProps) {
  const [filter, setFilter] = useState<CatalogFilter>(NO_FILTER);
  const [selected, setSelected] = useState<string>();
  const groups = catalog ? catalogGroups(catalog) : [];
  const shown = filtered(groups, filter);
  const entries = shown.flatMap((group) => group.entries);
  const entry = entries.find(({ id }) => id === selected) ?? entries[0];

  return (
    <div className="catalog">
      <header className="page-head">
        <h1>Catalog</h1>
        <div className="facts-line">
          <span>
            {catalog &&
              counts(catalog)
                .map(({ word, many, count }) => counted(count, word, many))
                .join(', ')}
          </span>
        </div>
      </header>
      {problem !== undefined && <Problem strip what="The catalog could not be read" error={problem} />}
      {catalog ? (
        <div className="catalog-split">
          <CatalogList
            filter={filter}
            onFilter={setFilter}
            titles={groups.map(({ title }) => title)}
            shown={shown}
            entry={entry}
            onSelect={setSelected}
          />
          {entry ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
            <section className="catalog-right" tabIndex={0} aria-label="What it says of itself">
              <CatalogDetail
                key={entry.id}
                entry={entry}
                version={olderVersion(catalog, entry)}
                worker={worker}
                onCreate={onCreate}
              />
            </section>
          ) : (
            <Empty title="Nothing matches">
              <p>No plugin of this worker meets what is asked for.</p>
              <Button size="small" onClick={() => setFilter(NO_FILTER)}>
                Show all
              </Button>
            </Empty>
          )}
        </div>
      ) : (
        problem === undefined && <Waiting what="Waiting for the worker" />
      )}
    </div>
  );
}

/** Its version when the class is there in a later one. */
function olderVersion({ plugins }: Catalog, { plugin }: CatalogEntry): string | null {
  if (!plugin || !isConnector(plugin)) return null;
  const latest = plugins.findLast(({ className, kind }) => className === plugin.className && kind === plugin.kind);
  return latest === plugin ? null : plugin.version;
}

interface CatalogListProps {
  filter: CatalogFilter;
  onFilter(filter: CatalogFilter): void;
  titles: readonly string[];
  shown: readonly CatalogGroup[];
  entry: CatalogEntry | undefined;
  onSelect(id: string): void;
}

/** The list with what narrows it. Arrows move in it, from the search field too. */
function CatalogList({ filter, onFilter, titles, shown, entry, onSelect }: CatalogListProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const entries = shown.flatMap((group) => group.entries);
  const at = entry ? entries.indexOf(entry) : -1;
  const optionId = (one: CatalogEntry) => `${id}${entries.indexOf(one)}`;
  useCommand({ id: 'filter', title: 'Search the catalog', icon: 'search', run: () => field.current?.select() });
  useEffect(() => {
    if (at >= 0) document.getElementById(`${id}${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at, id]);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 };
    if (event.currentTarget !== field.current) Object.assign(moves, { Home: 0, End: entries.length - 1 });
    const target = moves[event.key];
    if (target !== undefined && entries.length > 0) {
      event.preventDefault();
      const next = entries[Math.max(0, Math.min(entries.length - 1, target))];
      if (next) onSelect(next.id);
    } else if (event.key === 'Escape' && filter.words !== '') {
      event.preventDefault();
      onFilter({ ...filter, words: '' });
    }
  };
  return (
    <div className="catalog-left">
      <div className="catalog-search">
        <Field
          ref={field}
          large
          type="search"
          icon="search"
          label="Name, class or system"
          placeholder="Name, class or system"
          value={filter.words}
          onChange={(event) => onFilter({ ...filter, words: event.target.value })}
          onKeyDown={onKeyDown}
          end={filter.words === '' ? <Keys chord="/" /> : undefined}
        />
        <div className="catalog-filters">
          <Segments
            label="Direction"
            value={filter.direction}
            onChange={(direction) => onFilter({ ...filter, direction })}
            options={[
              { value: 'all', label: 'All' },
              { value: 'source', label: 'Source' },
              { value: 'sink', label: 'Sink' },
            ]}
          />
          <Select
            label="Kind"
            value={filter.group ?? ''}
            onChange={(group) => onFilter({ ...filter, group: group === '' ? null : group })}
            shown={`Kind: ${filter.group ?? 'any'}`}
            options={[{ value: '', label: 'any' }, ...titles.map((title) => ({ value: title, label: title }))]}
          />
        </div>
        <div className="catalog-filters">
          <Toggle
            on={filter.worksOffline}
            onChange={(worksOffline) => onFilter({ ...filter, worksOffline })}
            words="Works offline"
          />
          <Toggle
            on={filter.runsOnKafkaConnect}
            onChange={(runsOnKafkaConnect) => onFilter({ ...filter, runsOnKafkaConnect })}
            words="Runs unchanged on Kafka Connect"
          />
        </div>
      </div>
      <div
        className="catalog-list"
        role="listbox"
        aria-label="Plugins"
        tabIndex={0}
        aria-activedescendant={entry ? optionId(entry) : undefined}
        onKeyDown={onKeyDown}
      >
        {shown.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options
          <div key={group.title} role="group" aria-label={group.title}>
            <div className="catalog-group" aria-hidden="true">
              {group.title} <span>{group.entries.length}</span>
            </div>
            {group.entries.map((one) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the list has the focus and takes the keys
              <div
                key={one.id}
                id={optionId(one)}
                role="option"
                aria-selected={one === entry}
                className="catalog-item"
                onClick={() => onSelect(one.id)}
              >
                <Row entry={one} />
              </div>
            ))}
          </div>
        ))}
        {entries.length === 0 && (
          <div className="picker-none" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
            Nothing matches
          </div>
        )}
      </div>
    </div>
  );
}

function Row({ entry: { title, plugin, refused } }: { entry: CatalogEntry }) {
  const icon = refused ? 'error' : plugin.kind === 'source' ? 'source' : plugin.kind === 'sink' ? 'sink' : 'filter';
  return (
    <>
      <Icon name={icon} size={14} />
      <span className="catalog-name">
        <span className="one-line">{title}</span>
        <span className="catalog-kind">{plugin ? plugin.kind.replace('_', ' ') : 'not used'}</span>
      </span>
      <span className="one-line second">{plugin ? plugin.summary : refused.reason}</span>
    </>
  );
}

function Toggle({ on, onChange, words }: { on: boolean; onChange(on: boolean): void; words: string }) {
  return (
    <button type="button" className="toggle-pill" aria-pressed={on} onClick={() => onChange(!on)}>
      {on && <Icon name="check" size={12} />}
      {words}
    </button>
  );
}
