import { useEffect, useState } from 'react';
import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox, Field } from '../../components/field.tsx';
import { Notice, Problem, Waiting } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';
import { CommandHere } from '../../keyboard/commands.tsx';
import { type ConfigDocument, configOf, removeKey, setValue, valueIn } from './config-document.ts';
import { ConfigField } from './config-field.tsx';
import { type FormFilter, formSections, unknownEntries } from './config-form.ts';
import { TextViews } from './text-views.tsx';
import { withoutSecrets } from './without-secrets.ts';
import '../../components/page.css';
import './config-editor.css';

export interface ConfigEditorProps {
  document: ConfigDocument;
  onChange(document: ConfigDocument): void;
  worker: Connection<WorkerClient>;
  /** Names that are taken: what is written replaces the configuration of that connector. */
  present: ReadonlySet<string>;
  onSaved(name: string): void;
}

/** With the answer's own time an error stands at its field within 300 ms. */
const SETTLE_MS = 150;

/** A configuration as a form made from its validation, and as text beside it; both are views of one document. */
export function ConfigEditor({ document, onChange, worker, present, onSaved }: ConfigEditorProps) {
  const [filter, setFilter] = useState<FormFilter>({ words: '', onlyDiffering: false });
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { infos, problem, pending } = useValidation(document, worker);
  const name = valueIn(document, 'name') ?? '';
  const wrong = infos?.configs.filter(({ value }) => value.errors.length > 0) ?? [];
  const replaces = present.has(name);
  const why =
    name === ''
      ? 'It needs a name first'
      : problem !== undefined
        ? 'It must be readable first'
        : pending || !infos
          ? 'It is being checked'
          : wrong.length > 0
            ? `${counted(wrong.length, 'key')} to mend first`
            : undefined;
  const save = async () => {
    const client = worker.current;
    if (!client) return setFailure(new Error('The worker is not there; it is being restarted'));
    setBusy(true);
    setFailure(undefined);
    try {
      const config = configOf(document);
      await (replaces ? client.putConnectorConfig({ name, config }) : client.createConnector({ name, config }));
      onSaved(name);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="config-editor">
      <CommandHere id="create-connector" run={() => void save()} available={why === undefined && !busy} />
      <header className="page-head">
        <h1 className="data" title={name}>
          {name === '' ? 'New connector' : name}
        </h1>
        <div className="facts-line">
          <code>{valueIn(document, 'connector.class')}</code>
        </div>
        <div className="actions">
          <Button
            kind="primary"
            icon="play"
            chord="Mod+Shift+Enter"
            busy={busy}
            unavailable={why}
            onClick={() => void save()}
          >
            {replaces ? 'Replace & start' : 'Create & start'}
          </Button>
        </div>
      </header>
      {failure !== undefined && <Problem strip what="It was not created" error={failure} />}
      {problem !== undefined && <Problem strip error={problem} />}
      {replaces && <Notice strip>A connector of this name is there: its configuration is replaced.</Notice>}
      <div className="config-split">
        <div className="config-left">
          <div className="toolbar">
            <Field
              type="search"
              icon="search"
              label="Search in keys"
              placeholder="Search in keys"
              value={filter.words}
              onChange={(event) => setFilter({ ...filter, words: event.target.value })}
            />
            <Checkbox
              checked={filter.onlyDiffering}
              onChange={(onlyDiffering) => setFilter({ ...filter, onlyDiffering })}
            >
              only what differs from default
            </Checkbox>
            <span className="push small second" role="status">
              {infos && (wrong.length > 0 ? counted(wrong.length, 'key with errors', 'keys with errors') : 'no errors')}
            </span>
          </div>
          <div className="config-form">
            {infos ? (
              <Form infos={infos} document={document} filter={filter} onChange={onChange} />
            ) : (
              pending && <Waiting what="Waiting for the worker" />
            )}
          </div>
        </div>
        <TextViews document={document} onChange={onChange} toCopy={() => withoutSecrets(document, infos)} />
      </div>
    </div>
  );
}

interface FormProps {
  infos: ConfigInfos;
  document: ConfigDocument;
  filter: FormFilter;
  onChange(document: ConfigDocument): void;
}

function Form({ infos, document, filter, onChange }: FormProps) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const sections = formSections(infos, document, filter);
  const unknown = unknownEntries(infos, document);
  return (
    <>
      {sections.map(({ title, first, folded, differing, errors }) => {
        const open = unfolded.has(title);
        return (
          <section key={title} aria-label={title}>
            <h2 className="config-group">
              {title}
              <span className="second">{differing} set</span>
              {errors > 0 && <span className="config-error">{counted(errors, 'error')}</span>}
            </h2>
            {[...first, ...(open ? folded : [])].map((field) => (
              <ConfigField
                key={field.name}
                field={field}
                onChange={(value) =>
                  onChange(
                    value === undefined ? removeKey(document, field.name) : setValue(document, field.name, value),
                  )
                }
              />
            ))}
            {folded.length > 0 && !open && (
              <button type="button" className="config-more" onClick={() => setUnfolded(new Set([...unfolded, title]))}>
                Show {counted(folded.length, 'more key')}
              </button>
            )}
          </section>
        );
      })}
      {unknown.length > 0 && (
        <section aria-label="Extra keys">
          <h2 className="config-group">Extra keys</h2>
          <p className="config-unknown">
            No definition knows {unknown.map(([key]) => key).join(', ')}. They are kept as they stand.
          </p>
        </section>
      )}
    </>
  );
}

interface Validation {
  infos: ConfigInfos | undefined;
  problem: unknown;
  pending: boolean;
}

/** What the worker says of the document, shortly after its last change; the answer before stays until then. */
function useValidation(document: ConfigDocument, worker: Connection<WorkerClient>): Validation {
  const [validation, setValidation] = useState<Validation>({ infos: undefined, problem: undefined, pending: true });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    setValidation((before) => ({ ...before, pending: true }));
    const timer = setTimeout(() => {
      const client = worker.current;
      const answer = client
        ? client.validateConnectorConfig({ config: configOf(document) }, { signal })
        : Promise.reject(new Error('The worker is not there; it is being restarted'));
      answer.then(
        (infos) => !signal.aborted && setValidation({ infos, problem: undefined, pending: false }),
        (problem: unknown) => !signal.aborted && setValidation(({ infos }) => ({ infos, problem, pending: false })),
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [document, worker]);
  return validation;
}
