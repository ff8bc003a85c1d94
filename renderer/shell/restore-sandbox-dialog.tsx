import { useRef, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/surfaces.tsx';
import { useToasts } from '../components/toast.tsx';
import { useWorkspace } from './workspace-context.ts';

/** Asked before the system's dialog: another sandbox takes the place of this one. */
export function RestoreSandboxDialog({ onClose }: { onClose(): void }) {
  const { connections } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const keep = useRef<HTMLButtonElement>(null);
  const toasts = useToasts();
  const restore = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const restored = await connections.desktop.current?.restoreSandbox();
      if (restored) {
        const before = restored.setAside === null ? '' : ` What was there is kept in ${restored.setAside}.`;
        toasts.show({ icon: 'check', text: `The sandbox is what was saved in ${restored.file}.${before}` });
      }
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      alert
      title="Restore a sandbox?"
      width={520}
      onClose={onClose}
      initialFocus={keep}
      footer={
        <>
          <Button ref={keep} chord="Escape" onClick={onClose}>
            Keep this one
          </Button>
          <Button kind="primary" busy={busy} onClick={() => void restore()}>
            Choose the file…
          </Button>
        </>
      }
    >
      <p>
        Topics, records, groups and transactions become what they were when the file was saved. What is there now is not
        removed: it is set aside in the data folder, under another name.
      </p>
      <p className="small">
        The broker is stopped for the moment of it and clients connect again by themselves. Connectors go on from their
        own source offsets, which are not part of the file.
      </p>
      {error !== undefined && <Problem what="Can't restore the sandbox" error={error} />}
    </Dialog>
  );
}
