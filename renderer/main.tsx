import './zod-config.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { StyleNonce } from './components/style-nonce.tsx';
import { connect, whenConnected } from './connection.ts';
import { App } from './shell/app.tsx';
import { Workspace } from './shell/workspace.ts';

const workspace = new Workspace(connect(window));

/** Tabs come back before anything is drawn, so that nothing jumps; a main process that is slow only delays them. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no #root');
  const desktop = await whenConnected(workspace.connections.desktop, null, new AbortController().signal);
  await workspace.restore(desktop);
  createRoot(root).render(
    <StyleNonce>
      <App workspace={workspace} />
    </StyleNonce>,
  );
}

void start();
