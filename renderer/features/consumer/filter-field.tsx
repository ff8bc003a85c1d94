import { useEffect, useRef, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { Keys } from '../../components/keys.tsx';
import { Tag } from '../../components/surfaces.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useCommand } from '../../keyboard/commands.tsx';
import type { ConsumerSession } from './consumer-session.ts';
import { type FilterText, parseFilter } from './filter.ts';

/** Typing is taken over after this, Enter at once: each change reads from the start again. */
const SETTLE_MS = 350;

/** Plain words, or an expression between slashes. */
export function FilterField({ session }: { session: ConsumerSession }) {
  const input = useRef<HTMLInputElement>(null);
  const applied = session.settings.filter;
  const [draft, setDraft] = useState<FilterText>(applied);
  const { error } = parseFilter(draft);
  const pending = draft.text !== applied.text || draft.matchCase !== applied.matchCase;

  // Changed elsewhere, as by a click on a value.
  const last = useRef(applied);
  useEffect(() => {
    if (last.current !== applied) setDraft(applied);
    last.current = applied;
  }, [applied]);

  const apply = (filter: FilterText) => {
    if (parseFilter(filter).error === undefined) session.change({ filter });
  };
  useEffect(() => {
    if (!pending || error !== undefined) return;
    const timer = setTimeout(() => session.change({ filter: draft }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [draft, pending, error, session]);

  useCommand({ id: 'filter', title: 'Filter the records', icon: 'filter', run: () => input.current?.select() });
  const expression = parseFilter(draft).filter?.type === 'regex';
  const { totals, filter } = session;
  const share = filter.type !== 'none' && totals && totals.read > 0 ? (100 * totals.matched) / totals.read : undefined;
  return (
    <span className="filter-field">
      <Field
        ref={input}
        type="search"
        icon="filter"
        label="Filter"
        placeholder="Filter: words, or /an expression/i"
        className="data"
        value={draft.text}
        invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : 'filter-error'}
        onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply(draft);
          if (event.key === 'Escape' && draft.text !== '') {
            event.preventDefault();
            setDraft({ ...draft, text: '' });
            apply({ ...draft, text: '' });
          }
        }}
        end={
          <>
            {share !== undefined && (
              <Tag tone="accent">{share > 0 && share < 1 ? '<1' : Math.round(share)} % match</Tag>
            )}
            {!expression && draft.text !== '' && (
              <Tooltip text="Match upper and lower case">
                <button
                  type="button"
                  className="match-case"
                  aria-label="Match case"
                  aria-pressed={draft.matchCase}
                  onClick={() => setDraft({ ...draft, matchCase: !draft.matchCase })}
                >
                  Aa
                </button>
              </Tooltip>
            )}
            {draft.text === '' && <Keys chord="/" />}
          </>
        }
      />
      {error !== undefined && (
        <span id="filter-error" className="filter-error" role="alert">
          {error}
        </span>
      )}
    </span>
  );
}
