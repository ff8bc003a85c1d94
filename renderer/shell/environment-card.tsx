import { useState } from 'react';
import type { DesktopClient } from '../../common/contract.ts';
import { Icon } from '../components/icon.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { StateShape } from '../components/state.tsx';
import { Problem } from '../components/surfaces.tsx';
import { useToasts } from '../components/toast.tsx';
import { useLive } from '../live.ts';
import { brokerState } from './broker-state.ts';
import { RestoreSandboxDialog } from './restore-sandbox-dialog.tsx';
import { useWorkspace } from './workspace-context.ts';

/** The Kafka that everything here is about, with its switch. */
export function EnvironmentCard() {
  const workspace = useWorkspace();
  const sandbox = useLive(workspace.sandbox).value;
  const settings = useLive(workspace.settings).value;
  const environment = useLive(workspace.environment).value;
  const [error, setError] = useState<unknown>();
  const [restoring, setRestoring] = useState(false);
  const toasts = useToasts();
  const broker = brokerState(sandbox, environment, settings);
  const run = (action: (client: DesktopClient) => Promise<unknown>) => () => {
    const client = workspace.connections.desktop.current;
    setError(undefined);
    if (client) void action(client).catch(setError);
  };
  const on = sandbox?.status === 'running';
  const save = run(async (client) => {
    const saved = await client.saveSandbox();
    if (saved) toasts.show({ icon: 'check', text: `The sandbox is saved in ${saved.file}.` });
  });
  const entries: MenuEntry[] = [
    ...(broker.sandbox
      ? [
          on
            ? {
                icon: 'stop' as const,
                label: 'Stop the sandbox',
                note: 'data stays',
                run: run((client) => client.stopSandbox()),
              }
            : {
                icon: 'play' as const,
                label: 'Start the sandbox',
                note: broker.address,
                run: run((client) => client.startSandbox()),
              },
          'line' as const,
          { icon: 'arrow-down' as const, label: 'Save the sandbox…', note: 'one file', run: save },
          { icon: 'arrow-up' as const, label: 'Restore a sandbox…', run: () => setRestoring(true) },
          'line' as const,
        ]
      : []),
    { icon: 'folder', label: 'Show the data folder', run: run((client) => client.showFolder({ folder: 'data' })) },
    { icon: 'folder', label: 'Show the logs', run: run((client) => client.showFolder({ folder: 'logs' })) },
  ];
  return (
    <>
      <Menu
        entries={entries}
        trigger={
          <button type="button" className="environment">
            <span style={{ minWidth: 0 }}>
              <b className="environment-name one-line">{broker.name}</b>
              <small className="environment-state">
                <StateShape state={broker.shape} size={12} />
                <span className="environment-words">
                  {broker.words} <span className="data">{broker.port}</span>
                </span>
              </small>
            </span>
            <Icon name="both" size={14} className="environment-open" />
          </button>
        }
      />
      {restoring && <RestoreSandboxDialog onClose={() => setRestoring(false)} />}
      {error !== undefined && (
        <div style={{ margin: '0 8px 8px' }}>
          <Problem error={error} />
        </div>
      )}
    </>
  );
}
