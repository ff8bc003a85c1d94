import { type ReactNode, useEffect, useState } from 'react';
import type { AppInfo } from '../../common/desktop/app-info.ts';
import { type Settings, type SettingsChange, settings as settingsSchema } from '../../common/desktop/settings.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Checkbox, Field } from '../components/field.tsx';
import { Segments } from '../components/segments.tsx';
import { Notice, Problem } from '../components/surfaces.tsx';
import { useLive } from '../live.ts';
import { useWorkspace } from './workspace-context.ts';
import './settings-dialog.css';

/** What can be set. Theme and questions take effect at once, ports and servers at the next start of their process. */
export function SettingsDialog({ onClose }: { onClose(): void }) {
  const workspace = useWorkspace();
  const settings = useLive(workspace.settings).value;
  const info = useAppInfo();
  const [error, setError] = useState<unknown>();
  const change = (changes: SettingsChange) => {
    setError(undefined);
    void workspace.connections.desktop.current?.changeSettings(changes).catch(setError);
  };
  return (
    <Dialog
      title="Settings"
      width={560}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {settings && <Rows settings={settings} change={change} />}
      {error !== undefined && <Problem error={error} />}
      {info?.secretStore === 'file' && (
        <Notice>
          The system offers no keychain, so secrets are kept in a file that only you can read: {info.dataFolder}.
        </Notice>
      )}
      {info && (
        <p className="caption second selectable">
          {info.name} {info.version} · Electron {info.electron} · Chromium {info.chrome} · Node {info.node} ·{' '}
          {info.platform} {info.arch}
          <br />
          Data: <code>{info.dataFolder}</code>
        </p>
      )}
    </Dialog>
  );
}

function Rows({ settings, change }: { settings: Settings; change(changes: SettingsChange): void }) {
  return (
    <div className="settings">
      <Setting name="Theme">
        <Segments<Settings['theme']>
          label="Theme"
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Setting>
      <Setting name="Quit">
        <Checkbox checked={settings.confirmQuit} onChange={(confirmQuit) => change({ confirmQuit })}>
          Ask before quitting while connectors run
        </Checkbox>
      </Setting>
      <Setting name="Sandbox">
        <Checkbox checked={settings.startSandbox} onChange={(startSandbox) => change({ startSandbox })}>
          Start the sandbox with Runnel
        </Checkbox>
      </Setting>
      <Setting
        name="Sandbox port"
        note="Empty: 9092, or the next free one. A port you name is an error when it is taken."
      >
        <Port value={settings.sandboxPort} label="Sandbox port" onChange={(sandboxPort) => change({ sandboxPort })} />
      </Setting>
      <Setting name="Containers" note="Takes effect when the sandbox starts again.">
        <Containers shared={settings.shareWithContainers} change={change} />
      </Setting>
      <Setting name="REST port" note="Empty: 8083, or the next free one. Takes effect when the worker starts again.">
        <Port value={settings.restPort} label="REST port" onChange={(restPort) => change({ restPort })} />
      </Setting>
      <Setting name="Bootstrap servers" note="Empty: the sandbox. Takes effect when the worker starts again.">
        <Text
          label="Bootstrap servers"
          placeholder="localhost:9092"
          value={settings.bootstrapServers ?? ''}
          wrong={(text) =>
            settingsSchema.shape.bootstrapServers.safeParse(text || null).success ? undefined : 'Too long'
          }
          onChange={(text) => change({ bootstrapServers: text.trim() || null })}
        />
      </Setting>
    </div>
  );
}

/** Opened on an explicit yes only: whoever runs in a container may do everything there. */
function Containers({ shared, change }: { shared: boolean; change(changes: SettingsChange): void }) {
  const address = useLive(useWorkspace().sandbox).value?.containersAddress;
  const [asking, setAsking] = useState(false);
  const answer = (shareWithContainers: boolean) => {
    setAsking(false);
    change({ shareWithContainers });
  };
  return (
    <>
      <Checkbox checked={shared || asking} onChange={(on) => (on ? setAsking(true) : answer(false))}>
        Let containers of this computer reach the sandbox
      </Checkbox>
      {asking && (
        <Notice
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Leave it closed</Button>
              <Button kind="primary" onClick={() => answer(true)}>
                Open it to containers
              </Button>
            </>
          }
        >
          Without TLS and users: whatever runs in a container reads and writes everything in the sandbox. Other
          computers do not reach it.
        </Notice>
      )}
      {shared && address && (
        <small>
          They find it at <code>{address}</code>.
        </small>
      )}
    </>
  );
}

function Setting({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <>
      <span className="setting-name">{name}</span>
      <span className="setting-value">
        {children}
        {note && <small>{note}</small>}
      </span>
    </>
  );
}

function Port({
  value,
  label,
  onChange,
}: {
  value: number | null;
  label: string;
  onChange(port: number | null): void;
}) {
  return (
    <Text
      label={label}
      placeholder="automatic"
      value={value === null ? '' : String(value)}
      wrong={(text) =>
        /^\d*$/.test(text) && Number(text || 1) >= 1 && Number(text || 1) <= 65_535
          ? undefined
          : 'A port is a number from 1 to 65535'
      }
      onChange={(text) => onChange(text === '' ? null : Number(text))}
    />
  );
}

interface TextProps {
  label: string;
  placeholder: string;
  value: string;
  wrong(text: string): string | undefined;
  onChange(text: string): void;
}

/** Taken over when the field is left or with Enter. */
function Text({ label, placeholder, value, wrong, onChange }: TextProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const problem = wrong(draft);
  const apply = () => {
    if (problem === undefined && draft !== value) onChange(draft);
  };
  return (
    <>
      <Field
        label={label}
        className="data"
        placeholder={placeholder}
        value={draft}
        invalid={problem !== undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
      {problem && <span className="field-error">{problem}</span>}
    </>
  );
}

function useAppInfo(): AppInfo | undefined {
  const { desktop } = useWorkspace().connections;
  const [info, setInfo] = useState<AppInfo>();
  useEffect(() => {
    const abort = new AbortController();
    desktop.current?.appInfo({ signal: abort.signal }).then(setInfo, () => undefined);
    return () => abort.abort();
  }, [desktop]);
  return info;
}
