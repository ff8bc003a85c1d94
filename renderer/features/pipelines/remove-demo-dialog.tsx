import { useRef, useState } from 'react';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import type { TopicSummary } from '../../../common/kafka/topics.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { Problem } from '../../components/surfaces.tsx';
import { useToasts } from '../../components/toast.tsx';
import type { Connection } from '../../connection.ts';
import { counted } from '../../format.ts';

export interface RemoveDemoDialogProps {
  connectors: readonly ConnectorSummary[];
  topics: readonly TopicSummary[];
  worker: Connection<WorkerClient>;
  /** The topics that are gone now. */
  onRemoved(topics: readonly string[]): void;
  onClose(): void;
}

/** Undoes all that the demo made: its records are synthetic and come back with the next start. */
export function RemoveDemoDialog({ connectors, topics, worker, onRemoved, onClose }: RemoveDemoDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const keep = useRef<HTMLButtonElement>(null);
  const toasts = useToasts();
  const demo = connectors.filter((connector) => connector.demo);
  const names = [...new Set(demo.flatMap((connector) => connector.topics))];
  const others = connectors.filter((connector) => !connector.demo);
  const readers = others.filter(
    (connector) => connector.type === 'sink' && connector.topics.some((t) => names.includes(t)),
  );

  const remove = async () => {
    setBusy(true);
    setError(undefined);
    try {
      if (!worker.current) throw new Error('The worker is not there; it is being restarted');
      await worker.current.removeDemo();
      toasts.show({ icon: 'trash', text: 'The tweets demo is removed.' });
      onRemoved(names);
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      alert
      title="Remove the tweets demo?"
      width={520}
      onClose={onClose}
      initialFocus={keep}
      footer={
        <>
          <Button ref={keep} chord="Escape" onClick={onClose}>
            Keep it
          </Button>
          <Button kind="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            Remove the demo
          </Button>
        </>
      }
    >
      <p>These are removed from this computer:</p>
      <Outcome
        gone={[
          ...demo.map(({ name }) => (
            <>
              Connector <code>{name}</code> with its configuration and source offsets
            </>
          )),
          ...names.map((name) => {
            const topic = topics.find((candidate) => candidate.name === name);
            return (
              <>
                Topic <code>{name}</code>
                {topic && ` with ${counted(topic.records, 'synthetic record')}`}
              </>
            );
          }),
        ]}
        kept={[
          ...(others.length > 0 ? [counted(others.length, 'other connector')] : []),
          'the sandbox with all other topics',
        ]}
      />
      {readers.length > 0 && (
        <p className="small">
          {readers.map(({ name }) => name).join(', ')} {readers.length === 1 ? 'reads' : 'read'} from it and will find
          nothing more.
        </p>
      )}
      {error !== undefined && <Problem what="Can't remove the demo" error={error} />}
    </Dialog>
  );
}
