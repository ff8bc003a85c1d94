import { useEffect, useState } from 'react';
import type { CatalogPlugin, RefusedPackage } from '../../../common/connect/catalog.ts';
import type { ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import { type ConfigEntries, propertiesText } from '../../../common/connect/properties-text.ts';
import type { WorkerClient } from '../../../common/contract.ts';
import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { Problem, Tag } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { type CatalogEntry, isConnector } from './catalog-list.ts';
import { KeyTable } from './key-table.tsx';
import { startingConfig, withVersion } from './starting-config.ts';

export interface CatalogDetailProps {
  entry: CatalogEntry;
  /** Set when a later version of the class is there too: what is created names this one. */
  version: string | null;
  worker: Connection<WorkerClient>;
  onCreate(config: ConfigEntries): void;
}

/** All that a plugin says of itself. */
export function CatalogDetail({ entry, version, worker, onCreate }: CatalogDetailProps) {
  const { title, plugin, refused } = entry;
  if (!plugin) return <RefusedDetail title={title} refused={refused} />;
  const create = (config: ConfigEntries) => onCreate(withVersion(config, version));
  return (
    <article className="catalog-detail" aria-label={title}>
      <header>
        <div>
          <h2>{title}</h2>
          <code className="selectable second">{plugin.className}</code>
        </div>
        {isConnector(plugin) && (
          <Button kind="primary" icon="plus" onClick={() => create(startingConfig(plugin))}>
            Create connector
          </Button>
        )}
      </header>
      <p className="selectable">{plugin.summary}</p>
      <div className="catalog-tags">
        {plugin.runsOnKafkaConnect && <Tag icon="check">Runs unchanged on Kafka Connect</Tag>}
        {plugin.worksOffline && <Tag icon="check">Works offline</Tag>}
        <Tag>{plugin.kind.replace('_', ' ')}</Tag>
        <Tag>version {plugin.version}</Tag>
        {plugin.folder === null && <Tag>comes with Runnel</Tag>}
      </div>
      {plugin.folder !== null && (
        <p className="small second selectable">
          From <code>{plugin.folder}</code>, in a process of its own.
        </p>
      )}
      {plugin.delivery !== '' && (
        <section className="catalog-card">
          <h3>Delivery guarantee</h3>
          <p className="selectable">{plugin.delivery}</p>
        </section>
      )}
      <Keys key={entry.id} plugin={plugin} worker={worker} />
      {plugin.examples.map(({ title: sample, config }) => (
        <Sample key={sample} title={sample} config={Object.entries(config)} onCreate={create} />
      ))}
    </article>
  );
}

function Keys({ plugin, worker }: { plugin: CatalogPlugin; worker: Connection<WorkerClient> }) {
  const [withFramework, setWithFramework] = useState(false);
  const { keys, problem } = useAllKeys(plugin, worker, withFramework);
  const shown = withFramework && keys ? keys : plugin.config;
  return (
    <section className="catalog-card">
      <h3>
        Configuration keys
        <span className="push small second">{shown.length}</span>
        {isConnector(plugin) && (
          <Button size="small" kind="ghost" onClick={() => setWithFramework(!withFramework)}>
            {withFramework ? 'Its own only' : 'Show all of Kafka Connect'}
          </Button>
        )}
      </h3>
      {problem !== undefined && <Problem what="The keys could not be read" error={problem} />}
      {shown.length > 0 ? <KeyTable keys={shown} /> : <p className="second">It has no keys of its own.</p>}
    </section>
  );
}

/** The framework's keys too, once they are asked for. */
function useAllKeys(plugin: CatalogPlugin, worker: Connection<WorkerClient>, wanted: boolean) {
  const [answer, setAnswer] = useState<{ keys?: ConfigKeyInfo[]; problem?: unknown }>({});
  const { className, version } = plugin;
  useEffect(() => {
    if (!wanted || !worker.current) return;
    const abort = new AbortController();
    worker.current.pluginConfig({ className, version }, { signal: abort.signal }).then(
      (keys) => !abort.signal.aborted && setAnswer({ keys }),
      (problem: unknown) => !abort.signal.aborted && setAnswer({ problem }),
    );
    return () => abort.abort();
  }, [wanted, worker, className, version]);
  return answer;
}

function Sample(props: { title: string; config: ConfigEntries; onCreate(config: ConfigEntries): void }) {
  const { title, config, onCreate } = props;
  return (
    <section className="catalog-card">
      <h3>
        {title}
        <span className="push" />
        <Copy size="small" label={`Copy “${title}” as properties`} text={() => propertiesText(config)} />
        <Button size="small" onClick={() => onCreate(config)}>
          Create from it
        </Button>
      </h3>
      <pre className="selectable">
        {config.map(([key, value]) => (
          <span key={key}>
            <span className="json-name">{key}</span>=<span className="json-string">{value}</span>
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}

function RefusedDetail({ title, refused: { folder, reason, hint } }: { title: string; refused: RefusedPackage }) {
  return (
    <article className="catalog-detail" aria-label={title}>
      <header>
        <div>
          <h2>{title}</h2>
          <code className="selectable second">{folder}</code>
        </div>
      </header>
      <p>Nothing of this package is used. It is looked at again when the worker starts.</p>
      <div className="problem">
        <span />
        <div className="selectable">
          <strong>{reason}</strong>
          {hint !== null && <span>{hint}</span>}
        </div>
      </div>
    </article>
  );
}
