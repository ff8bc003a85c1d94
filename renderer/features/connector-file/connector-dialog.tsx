import { useEffect, useState } from 'react';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import type { DesktopClient, WorkerClient } from '../../../common/contract.ts';
import type { ChosenFile } from '../../../common/desktop/app-info.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Icon } from '../../components/icon.tsx';
import { Menu } from '../../components/menu.tsx';
import { Problem, Tag, Waiting } from '../../components/surfaces.tsx';
import { useToasts } from '../../components/toast.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';
import { CommandHere } from '../../keyboard/commands.tsx';
import { type Checked, check, type Draft, draftOf } from './draft.ts';
import { TEMPLATES } from './templates.ts';
import './connector-dialog.css';

export interface ConnectorDialogProps {
  desktop: Connection<DesktopClient>;
  worker: Connection<WorkerClient>;
  /** What is there already, to say what is replaced. */
  connectors: readonly ConnectorSummary[];
  /** Files that were chosen before it opened. */
  files: readonly ChosenFile[];
  onCreated(name: string): void;
  onClose(): void;
}

const SETTLE_MS = 300;

/** A configuration as connect-standalone takes it, checked by the worker while it is written. */
export function ConnectorDialog({ desktop, worker, connectors, files, onCreated, onClose }: ConnectorDialogProps) {
  const [queue, setQueue] = useState(files);
  const [draft, setDraft] = useState<Draft>(() => fromFile(files[0]));
  const { checked, problem, pending } = useChecked(draft, worker);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const toasts = useToasts();
  const present = new Set(connectors.map(({ name }) => name));
  const wrong = checked.reduce((sum, { problems }) => sum + problems.length, 0);
  const file = queue[0];

  const choose = async () => {
    setFailure(undefined);
    try {
      const chosen = await desktop.current?.chooseConnectorFiles();
      if (!chosen || chosen.length === 0) return;
      setQueue(chosen);
      setDraft(fromFile(chosen[0]));
    } catch (error) {
      setFailure(error);
    }
  };
  const create = async () => {
    const client = worker.current;
    if (!client) return setFailure(new Error('The worker is not there; it is being restarted'));
    setBusy(true);
    setFailure(undefined);
    try {
      for (const { name, config } of checked) {
        if (present.has(name)) await client.putConnectorConfig({ name, config: { ...config } });
        else await client.createConnector({ name, config: { ...config } });
        onCreated(name);
      }
      toasts.show({ icon: 'play', text: <CreatedText checked={checked} /> });
      const rest = queue.slice(1);
      if (rest.length === 0) return onClose();
      setQueue(rest);
      setDraft(fromFile(rest[0]));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const why =
    draft.text.trim() === ''
      ? 'Write or open a configuration first'
      : pending
        ? 'It is being checked'
        : problem !== undefined
          ? 'The text must be readable first'
          : wrong > 0
            ? `${counted(wrong, 'problem')} to solve first`
            : checked.length === 0
              ? 'There is no configuration in it'
              : undefined;

  return (
    <Dialog
      title={
        file ? (
          <>
            Connector from <code>{file.name}</code>
          </>
        ) : (
          'New connector'
        )
      }
      width={920}
      onClose={onClose}
      footer={
        <>
          <span className="push" style={{ display: 'flex', gap: 8 }}>
            <Button icon="folder" onClick={() => void choose()}>
              Open file…
            </Button>
            <Menu
              side="top"
              trigger={
                <button type="button" className="button">
                  Example <Icon name="down" size={12} />
                </button>
              }
              entries={TEMPLATES.map(({ name, text }) => ({
                label: name,
                run: () => {
                  setQueue([]);
                  setDraft(draftOf(text));
                },
              }))}
            />
          </span>
          {queue.length > 1 && <span className="small second">then {counted(queue.length - 1, 'more file')}</span>}
          <Button chord="Escape" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            icon="play"
            chord="Mod+Shift+Enter"
            busy={busy}
            unavailable={why}
            onClick={() => void create()}
          >
            {checked.length > 0 && checked.every(({ name }) => present.has(name))
              ? 'Replace & start'
              : 'Create & start'}
          </Button>
        </>
      }
    >
      <CommandHere id="create-connector" run={() => void create()} available={why === undefined && !busy} />
      <div className="connector-draft">
        <textarea
          aria-label="Configuration, .properties or JSON"
          placeholder={'name=my-connector\nconnector.class=FileStreamSource\n…\n\nor JSON: {"name": …, "config": {…}}'}
          spellCheck={false}
          value={draft.text}
          onChange={(event) => setDraft(draftOf(event.target.value, file?.name))}
        />
        <div className="draft-answers" role="status" aria-label="What the worker says">
          {pending && <Waiting what="Waiting for the worker" />}
          {failure !== undefined && <Problem what="It was not created" error={failure} />}
          {problem !== undefined && <Problem error={problem} />}
          {problem === undefined &&
            checked.map((one) => <Answer key={one.name} checked={one} replaces={present.has(one.name)} />)}
          {draft.text.trim() === '' && (
            <p className="second">
              The configuration is read as <code>connect-standalone</code> reads it: a properties file, or JSON with
              name and config, or JSON of the keys alone.
            </p>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function fromFile(file: ChosenFile | undefined): Draft {
  return file ? draftOf(file.text, file.name) : draftOf('');
}

function CreatedText({ checked }: { checked: readonly Checked[] }) {
  const [first] = checked;
  if (checked.length !== 1 || !first) return counted(checked.length, 'connector starts', 'connectors start');
  return (
    <>
      <code>{first.name}</code> starts.
    </>
  );
}

interface Answers {
  checked: readonly Checked[];
  problem: unknown;
  pending: boolean;
}

/** What the worker says of the draft, shortly after the last change. */
function useChecked(draft: Draft, worker: Connection<WorkerClient>): Answers {
  const [answers, setAnswers] = useState<Answers & { of?: Draft }>({ checked: [], problem: undefined, pending: false });
  useEffect(() => {
    if (draft.text.trim() === '') {
      setAnswers({ checked: [], problem: undefined, pending: false });
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    setAnswers((before) => ({ ...before, pending: true }));
    const timer = setTimeout(() => {
      const client = worker.current;
      const answer = client
        ? check(draft, client, signal)
        : Promise.reject(new Error('The worker is not there; it is being restarted'));
      answer.then(
        (checked) => !signal.aborted && setAnswers({ checked, problem: undefined, pending: false }),
        (problem: unknown) => !signal.aborted && setAnswers({ checked: [], problem, pending: false }),
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [draft, worker]);
  return answers;
}

function Answer({ checked, replaces }: { checked: Checked; replaces: boolean }) {
  const { name, config, problems } = checked;
  return (
    <section className="draft-answer" aria-label={name}>
      <span className="draft-head">
        <code>{name}</code>
        {problems.length > 0 ? (
          <Tag tone="bad">{counted(problems.length, 'problem')}</Tag>
        ) : (
          <Tag icon="check">{counted(Object.keys(config).length, 'key')} fit</Tag>
        )}
        {replaces && <Tag tone="warn">replaces its configuration</Tag>}
      </span>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ key, message }) => (
            <li key={`${key} ${message}`}>
              <Icon name="error" size={12} />
              <span>
                <code>{key}</code>: {message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
