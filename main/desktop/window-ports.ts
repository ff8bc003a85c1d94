import { ipcMain, MessageChannelMain, type WebContents } from 'electron';
import { type DesktopServices, desktopContract } from '../../common/contract.ts';
import { fromMessagePortMain } from '../../common/port.ts';
import type { WorkerReady } from '../../common/process-control.ts';
import { serve } from '../../common/rpc.ts';
import { PORT_MESSAGE, READY_MESSAGE, type ServedPart } from '../../common/window-ports.ts';
import type { ProcessOwner } from './process-owner.ts';
import { isOurPage } from './security/sender.ts';

export interface WindowPortsOptions {
  worker: ProcessOwner<WorkerReady>;
  desktopServices(contents: WebContents): DesktopServices;
}

/**
 * Gives each page that says it listens a port to the main process and one straight to the worker, and a new one to
 * every page whenever a new worker runs. A page that is reloaded asks again; its old ports closed with it.
 */
export function handOutPorts({ worker, desktopServices }: WindowPortsOptions): void {
  const pages = new Set<WebContents>();

  const send = (contents: WebContents, part: ServedPart) => {
    const { port1, port2 } = new MessageChannelMain();
    if (part === 'desktop') serve(fromMessagePortMain(port1), desktopContract, desktopServices(contents));
    else worker.child?.connect(port1);
    contents.postMessage(PORT_MESSAGE, part, [port2]);
  };

  ipcMain.on(READY_MESSAGE, (event) => {
    const { sender } = event;
    if (!isOurPage(event.senderFrame)) return;
    if (!pages.has(sender)) {
      pages.add(sender);
      sender.once('destroyed', () => pages.delete(sender));
    }
    send(sender, 'desktop');
    if (worker.child) send(sender, 'worker');
  });

  let runs = worker.state.status === 'running';
  worker.onChange(({ status }) => {
    const before = runs;
    runs = status === 'running';
    if (runs && !before) for (const page of pages) send(page, 'worker');
  });
}
