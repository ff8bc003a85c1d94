import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { SavedSandbox } from '../../common/desktop/sandbox-archive.ts';
import { KafkaException } from '../../common/errors.ts';
import type { Sandbox } from '../broker/sandbox.ts';
import { archiveFolder, saveSandbox } from './archive/save-sandbox.ts';
import { type ControlFile, readControlFile, removeControlFile, writeControlFile } from './control-file.ts';

/** A request is short and comes at once. */
const REQUEST_BYTES = 64 * 1024;
const REQUEST_MS = 5_000;

interface SaveRequest {
  readonly token: string;
  readonly file: string;
}

type Answer =
  | { readonly saved: SavedSandbox }
  | {
      readonly error: {
        readonly message: string;
        readonly code?: string;
        readonly key?: string;
        readonly hint?: string;
      };
    };

/**
 * Lets other processes of the same user ask a sandbox that runs to be saved: it is stopped for the moment of it, and its
 * clients come back by themselves. One JSON line is the request, one the answer, on a port of this computer alone.
 */
export async function serveControl(sandbox: Sandbox): Promise<{ close(): void }> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void requestOf(socket).then(async (request) => {
      if (request?.token !== token) return socket.destroy();
      socket.end(`${JSON.stringify(await answerTo(request, sandbox))}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  writeControlFile(sandbox.dataDir, { pid: process.pid, port, token });
  return {
    close() {
      removeControlFile(sandbox.dataDir);
      server.close();
    },
  };
}

/** Saves the sandbox in `folder`, by itself where it runs. Rejects as `saveSandbox` does. */
export async function saveRunningSandbox(folder: string, file: string): Promise<SavedSandbox> {
  try {
    return await saveSandbox(folder, file);
  } catch (error) {
    const control =
      error instanceof KafkaException && error.code === 'DATA_LOCKED' ? readControlFile(folder) : undefined;
    if (!control) throw error;
    return await askToSave(control, folder, file);
  }
}

async function askToSave(control: ControlFile, folder: string, file: string): Promise<SavedSandbox> {
  const socket = connect(control.port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const request: SaveRequest = { token: control.token, file };
    socket.write(`${JSON.stringify(request)}\n`);
    const line = await firstLine(socket);
    if (line === undefined) throw new Error('it ended before it had answered');
    const answer = JSON.parse(line) as Answer;
    if ('saved' in answer) return answer.saved;
    const { message, ...details } = answer.error;
    throw new KafkaException(message, details);
  } catch (error) {
    if (error instanceof KafkaException) throw error;
    const { message } = error as Error;
    throw new KafkaException(`The sandbox in ${folder} (process ${control.pid}) could not be asked: ${message}`, {
      code: 'DATA_LOCKED',
      key: folder,
      hint: 'Stop that sandbox first, by Ctrl-C or in the window where it runs; it can be started again afterwards.',
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}

async function answerTo({ file }: SaveRequest, sandbox: Sandbox): Promise<Answer> {
  try {
    return { saved: await sandbox.whileStopped(() => archiveFolder(sandbox.dataDir, file)) };
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof KafkaException)) return { error: { message } };
    const { code, key, hint } = error;
    return { error: { message, code, ...(key !== undefined && { key }), ...(hint !== undefined && { hint }) } };
  }
}

/** Undefined for what is no request. */
async function requestOf(socket: Socket): Promise<SaveRequest | undefined> {
  socket.setTimeout(REQUEST_MS, () => socket.destroy());
  const line = await firstLine(socket, REQUEST_BYTES);
  socket.setTimeout(0);
  try {
    const request: unknown = JSON.parse(line ?? '');
    const { token, file } = request as SaveRequest;
    return typeof token === 'string' && typeof file === 'string' ? { token, file } : undefined;
  } catch {
    // Somebody else's words.
    return undefined;
  }
}

/** Undefined when the connection ends before, or the line is longer than `maxBytes`. */
function firstLine(socket: Socket, maxBytes = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > maxBytes) resolve(undefined);
    });
    socket.once('close', () => resolve(undefined));
  });
}
