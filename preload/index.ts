import { ipcRenderer } from 'electron';
import { PORT_MESSAGE, READY_MESSAGE } from '../common/window-ports.ts';

// Hands ports from the main process to the page, and does nothing else: the page reaches no Electron.
ipcRenderer.on(PORT_MESSAGE, (event, part: string) => {
  window.postMessage({ type: PORT_MESSAGE, part }, window.origin, event.ports);
});
window.addEventListener('message', (event) => {
  if (event.source === window && event.data?.type === READY_MESSAGE) ipcRenderer.send(READY_MESSAGE);
});
