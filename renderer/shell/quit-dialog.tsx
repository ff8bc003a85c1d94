import { useRef, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Checkbox } from '../components/field.tsx';
import { counted } from '../format.ts';
import { useLive } from '../live.ts';
import { useWorkspace } from './workspace-context.ts';

/** Asked by the main process while connectors run. */
export function QuitDialog() {
  const workspace = useWorkspace();
  const connectors = useLive(workspace.connectors).value ?? [];
  const stay = useRef<HTMLButtonElement>(null);
  const [dontAsk, setDontAsk] = useState(false);
  const running = connectors.filter(({ connector, finished }) => connector.state === 'RUNNING' && !finished).length;
  const client = workspace.connections.desktop.current;
  const quit = async () => {
    if (dontAsk) await client?.changeSettings({ confirmQuit: false });
    await client?.quit();
  };
  return (
    <Dialog
      alert
      title="Stop the pipelines and quit?"
      width={460}
      onClose={() => void client?.cancelQuit()}
      initialFocus={stay}
      footer={
        <>
          <Button ref={stay} chord="Escape" onClick={() => void client?.cancelQuit()}>
            Go on running
          </Button>
          <Button kind="primary" onClick={() => void quit()}>
            Stop and quit
          </Button>
        </>
      }
    >
      <p>
        {counted(running, 'connector')} {running === 1 ? 'is' : 'are'} RUNNING. Quitting ends the tasks with their
        offsets committed; at the next start they go on from there.
      </p>
      <Checkbox checked={dontAsk} onChange={setDontAsk} note="Change it in Settings.">
        Do not ask again
      </Checkbox>
    </Dialog>
  );
}
