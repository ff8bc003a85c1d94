import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DesktopClient, WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Keys } from '../../components/keys.tsx';
import { Problem } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { DEMO_STEPS, type DemoStep, startDemo } from './start-demo.ts';
import './first-run-screen.css';

export interface FirstRunScreenProps {
  desktop: Connection<DesktopClient>;
  worker: Connection<WorkerClient>;
  /** Where the broker is or will be. */
  address: string;
  /** The environment is the sandbox, which the demo may start. */
  sandbox: boolean;
  /** Why the broker could not be started at the last try, if so. */
  brokerProblem: unknown;
  onStarted(topic: string): void;
  onOpenFile(): void;
  onNewConnector(): void;
}

type Demo = { step?: DemoStep; error?: unknown; slow?: boolean };

/** Nothing is here yet: one button makes records flow. */
export function FirstRunScreen(props: FirstRunScreenProps) {
  const { desktop, worker, address, sandbox, brokerProblem, onStarted, onOpenFile, onNewConnector } = props;
  const [demo, setDemo] = useState<Demo>({});
  const abort = useRef<AbortController>(undefined);
  const busy = demo.step !== undefined && demo.error === undefined;

  const start = () => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setDemo({ step: sandbox ? 'sandbox' : 'connector' });
    startDemo({ desktop, worker, sandbox, signal, onStep: (step) => setDemo({ step }) }).then(
      onStarted,
      (error: unknown) => setDemo((before) => (signal.aborted ? {} : { ...before, error })),
    );
  };
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setDemo((before) => ({ ...before, slow: true })), 2_000);
    return () => clearTimeout(timer);
  }, [busy]);

  return (
    <div className="first-run">
      <div className="first-run-column">
        <h1>No pipeline yet</h1>
        <p className="lead">
          Runnel runs Kafka Connect connectors and a Kafka broker on this computer. Start with sample data and watch
          records arrive, then swap in your own source.
        </p>
        <section className="demo" aria-label="Tweets demo">
          <div className="demo-path">
            <Step icon="broker" name={sandbox ? 'sandbox' : 'Kafka'} stage={stageOf('sandbox', demo)}>
              {sandbox ? `Kafka broker on ${address}, data kept on this computer` : `Your brokers at ${address}`}
            </Step>
            <span className="demo-arrow" />
            <Step icon="source" name="tweets-demo-source" stage={stageOf('connector', demo)}>
              1 task replays 5,000 bundled posts, 20 rec/s
            </Step>
            <span className="demo-arrow" />
            <Step icon="topic" name="tweets" stage={stageOf('connector', demo)}>
              3 partitions, JSON, kept for 24 hours
            </Step>
            <span className="demo-arrow" />
            <Step icon="follow" name="live consumer" stage={stageOf('consumer', demo)}>
              opens in a tab and follows the topic from the beginning
            </Step>
          </div>
          <div className="demo-go">
            <Button
              kind="primary"
              size="large"
              icon="play"
              chord="Enter"
              busy={busy}
              onClick={start}
              autoFocus
              data-region-start
            >
              {demo.error === undefined ? 'Start the tweets demo' : 'Try again'}
            </Button>
            {busy ? (
              <span role="status">
                {WORDS[demo.step ?? 'sandbox']}
                {demo.slow && (
                  <>
                    {' '}
                    <Button size="small" onClick={() => abort.current?.abort()}>
                      Cancel
                    </Button>
                  </>
                )}
              </span>
            ) : (
              <span>
                Ready in a few seconds. Works offline: the posts are bundled and synthetic, and nothing leaves this
                computer. Remove it all later with one command.
              </span>
            )}
          </div>
          {(demo.error !== undefined || (brokerProblem != null && !busy)) && (
            <div className="demo-problem">
              <Problem what={`${PROBLEMS[demo.step ?? 'sandbox']}`} error={demo.error ?? brokerProblem} />
            </div>
          )}
        </section>
        <ul className="ways" aria-label="Other ways to start">
          <li>
            <Way icon="folder" name="Open a connector file…" chord="Mod+O" onClick={onOpenFile}>
              A <code>.properties</code> or <code>.json</code> file you would pass to connect-standalone
            </Way>
          </li>
          <li>
            <Way icon="plus" name="New connector…" chord="Mod+N" onClick={onNewConnector}>
              Type or paste a configuration; it is checked while you write
            </Way>
          </li>
        </ul>
        <dl className="terms">
          <div>
            <dt>Connector</dt>
            <dd>A named configuration that copies data into topics (source) or out of topics (sink).</dd>
          </div>
          <div>
            <dt>Task</dt>
            <dd>
              A unit of work of a connector. <code>tasks.max</code> sets how many may run at once.
            </dd>
          </div>
          <div>
            <dt>Topic</dt>
            <dd>An ordered log of records in partitions. Consumers read it at their own pace.</dd>
          </div>
          <div>
            <dt>Offset</dt>
            <dd>The position reached in a partition or a source. Kept here in SQLite, so restarts resume.</dd>
          </div>
        </dl>
      </div>
    </div>
  );
}

const WORDS: Record<DemoStep, string> = {
  sandbox: 'Starting the sandbox broker…',
  connector: 'Creating the topic and starting the connector…',
  consumer: 'Opening the live consumer…',
};
const PROBLEMS: Record<DemoStep, string> = {
  sandbox: "The sandbox can't start",
  connector: "The demo's connector can't start",
  consumer: "The demo can't be shown",
};

type Stage = 'todo' | 'current' | 'done' | 'failed';

function stageOf(step: DemoStep, demo: Demo): Stage {
  if (demo.step === undefined) return 'todo';
  const at = DEMO_STEPS.indexOf(step);
  const current = DEMO_STEPS.indexOf(demo.step);
  if (at < current) return 'done';
  if (at > current) return 'todo';
  return demo.error === undefined ? 'current' : 'failed';
}

function Step({ icon, name, stage, children }: { icon: IconName; name: string; stage: Stage; children: ReactNode }) {
  return (
    <div className="demo-step" data-stage={stage}>
      {stage === 'current' && <div className="progress" />}
      <span className="step-name">
        <Icon name={stage === 'done' ? 'check' : stage === 'failed' ? 'error' : icon} size={14} />
        <span className="one-line">{name}</span>
      </span>
      <span className="step-text">{children}</span>
    </div>
  );
}

interface WayProps {
  icon: IconName;
  name: string;
  chord: string;
  onClick(): void;
  children: ReactNode;
}

function Way({ icon, name, chord, onClick, children }: WayProps) {
  return (
    <button type="button" className="way" onClick={onClick}>
      <Icon name={icon} className="second" />
      <strong>{name}</strong>
      <span className="way-text">{children}</span>
      <Keys chord={chord} />
    </button>
  );
}
