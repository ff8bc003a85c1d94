import { z } from 'zod';
import { desktopContract, workerContract } from '../../../common/contract.ts';
import { fromMessagePort } from '../../../common/port.ts';
import { serve } from '../../../common/rpc.ts';
import { PORT_MESSAGE, READY_MESSAGE, type ServedPart } from '../../../common/window-ports.ts';
import { World } from './world.ts';

// Stands where the preload and the processes stand: the product's page as it is, its far sides pretended. What is
// pretended comes from the address: `?scenario=failing&theme=dark&rate=50000`.
z.config({ jitless: true });
const world = new World(new URLSearchParams(location.search));
Object.assign(window, { world });

const give = (part: ServedPart) => {
  const { port1, port2 } = new MessageChannel();
  const port = fromMessagePort(port1);
  if (part === 'desktop') serve(port, desktopContract, world.desktop());
  else serve(port, workerContract, world.worker());
  window.postMessage({ type: PORT_MESSAGE, part }, '*', [port2]);
};
window.addEventListener('message', (event) => {
  if (event.data?.type !== READY_MESSAGE) return;
  give('desktop');
  if (world.scenario !== 'loading') give('worker');
});

await import('../../../renderer/main.tsx');
