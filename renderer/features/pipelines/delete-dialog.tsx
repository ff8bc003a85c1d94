import { useEffect, useRef, useState } from 'react';
import type { ConnectorInfo, ConnectorOffsets } from '../../../common/connect/connector-state-info.ts';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Checkbox, Field } from '../../components/field.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { Problem } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';
import type { ConnectorActions } from './connector-actions.tsx';
import { offsetsSentence } from './offsets-sentence.ts';

export interface DeleteDialogProps {
  connector: ConnectorSummary;
  worker: Connection<WorkerClient>;
  actions: ConnectorActions;
  onClose(): void;
}

/** Names what goes and what stays. Offsets stay as in Connect, unless asked; losing them takes the name. */
export function DeleteDialog({ connector, worker, actions, onClose }: DeleteDialogProps) {
  const { name, type, topics } = connector;
  const { info, offsets } = useWhatThereIs(name, worker);
  const [forget, setForget] = useState(false);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const keep = useRef<HTMLButtonElement>(null);

  const offsetWords = offsetsSentence(offsets, type, name);
  const gone = [
    info ? `Configuration, ${counted(Object.keys(info.config).length, 'key')}` : 'Configuration',
    ...(forget ? [offsetWords] : []),
  ];
  const kept = [
    ...(forget ? [] : [`${offsetWords}; a connector of the same name goes on from there`]),
    ...(topics.length > 0
      ? [
          <>
            {topics.length === 1 ? 'topic' : 'topics'}{' '}
            {topics.map((topic, index) => (
              <span key={topic}>
                {index > 0 && ', '}
                <code>{topic}</code>
              </span>
            ))}{' '}
            and {topics.length === 1 ? 'its' : 'their'} records
          </>,
        ]
      : []),
  ];
  const remove = () => {
    setBusy(true);
    setError(undefined);
    actions.remove(connector, forget).then(onClose, (reason: unknown) => {
      setBusy(false);
      setError(reason);
    });
  };
  return (
    <Dialog
      alert
      width={520}
      onClose={onClose}
      initialFocus={keep}
      title={
        <>
          Delete <code>{name}</code>?
        </>
      }
      footer={
        <>
          <Button ref={keep} chord="Escape" onClick={onClose}>
            Keep it
          </Button>
          <Button
            kind="danger"
            icon="trash"
            busy={busy}
            unavailable={forget && typed !== name ? 'Type the connector name first' : undefined}
            onClick={remove}
          >
            {forget ? 'Delete connector and offsets' : 'Delete connector'}
          </Button>
        </>
      }
    >
      <p>Its tasks stop and these are removed from this computer:</p>
      <Outcome gone={gone} kept={kept} />
      <Checkbox
        checked={forget}
        onChange={setForget}
        note={
          type === 'sink'
            ? 'A sink of the same name then reads its topics from the beginning.'
            : 'A source of the same name then starts from the beginning.'
        }
      >
        Forget its offsets too
      </Checkbox>
      {forget && (
        <span className="labelled small">
          <span>Type the connector name to delete it</span>
          <Field
            large
            label="Type the connector name to delete it"
            className="data"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoFocus
          />
        </span>
      )}
      {error !== undefined && <Problem what={`Can't delete ${name}`} error={error} />}
    </Dialog>
  );
}

/** Configuration and offsets for the list; what can't be read is named without numbers. */
function useWhatThereIs(
  name: string,
  worker: Connection<WorkerClient>,
): { info?: ConnectorInfo; offsets?: ConnectorOffsets } {
  const [state, setState] = useState<{ info?: ConnectorInfo; offsets?: ConnectorOffsets }>({});
  useEffect(() => {
    const client = worker.current;
    if (!client) return;
    const abort = new AbortController();
    const options = { signal: abort.signal };
    void Promise.allSettled([client.connectorInfo({ name }, options), client.connectorOffsets({ name }, options)]).then(
      ([info, offsets]) => {
        if (abort.signal.aborted) return;
        setState({
          ...(info.status === 'fulfilled' ? { info: info.value } : {}),
          ...(offsets.status === 'fulfilled' ? { offsets: offsets.value } : {}),
        });
      },
    );
    return () => abort.abort();
  }, [name, worker]);
  return state;
}
