import { expect, test } from 'vitest';
import { desktopContract, workerContract } from '../../common/contract.ts';
import type { RunningApp } from '../kit/app.ts';
import { type Part, portCounts, post, request, result, takePorts } from '../kit/page-ports.ts';

/** Electron's security checklist and what a page that was taken over could try; run on the built and on the packed app. */
export function securityChecks(running: () => RunningApp): void {
  const evaluate = <T>(script: () => T | Promise<T>) => running().page.evaluate(script);

  test('every window is sandboxed, isolated and without Node', async () => {
    const preferences = await running().electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) =>
        (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
      ),
    );
    expect(preferences.length).toBe(1);
    expect(preferences[0]).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
  });

  test('the page comes from app:, a secure origin of its own, and sees nothing of Node or Electron', async () => {
    expect(await evaluate(() => location.origin)).toBe('app://runnel');
    expect(await evaluate(() => isSecureContext)).toBe(true);
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'];
    expect(await running().page.evaluate((all) => all.filter((name) => name in window), names)).toEqual([]);
  });

  test('the policy allows the files of the app and nothing unsafe', async () => {
    const policy = await evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'));
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[^']+'; img-src 'self' data:; font-src 'self'; connect-src 'self';/,
    );
    expect(policy).not.toContain('unsafe');
  });

  test('inline scripts, handlers, eval, data: scripts and foreign styles do not run', async () => {
    const ran = await evaluate(async () => {
      const found: string[] = [];
      Object.assign(window, { ran: (what: string) => found.push(what) });
      const inline = document.createElement('script');
      inline.textContent = "window.ran('inline script')";
      const data = document.createElement('script');
      data.src = "data:text/javascript,window.ran('data: script')";
      const link = document.createElement('a');
      link.href = "javascript:window.ran('javascript: link')";
      const image = document.createElement('div');
      image.innerHTML = `<img src="x:" onerror="window.ran('handler')"><svg><script>window.ran('svg')</script></svg>`;
      const style = document.createElement('style');
      style.textContent = '#app, body { --taken: yes }';
      document.body.append(inline, data, link, image, style);
      link.click();
      setTimeout("window.ran('string timer')", 0);
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          try {
            // biome-ignore lint/security/noGlobalEval: it must not work
            eval("window.ran('eval')");
          } catch {}
          try {
            new Function("window.ran('Function')")();
          } catch {}
          resolve();
        }, 300),
      );
      if (getComputedStyle(document.body).getPropertyValue('--taken')) found.push('style');
      for (const element of [inline, data, link, image, style]) element.remove();
      return found;
    });
    expect(ran).toEqual([]);
    expect(running().errors.splice(0).join('\n')).toContain('Content Security Policy');
  });

  test('nothing is loaded from or sent to the network', async () => {
    const reached = await evaluate(async () => {
      const tries: Record<string, () => Promise<unknown>> = {
        fetch: () => fetch('https://example.com/'),
        'fetch of http': () => fetch('http://127.0.0.1:8083/'),
        'no-cors': () => fetch('https://example.com/', { mode: 'no-cors' }),
        image: () =>
          new Promise((resolve, reject) => {
            const image = new Image();
            image.onload = resolve;
            image.onerror = reject;
            image.src = 'http://127.0.0.1:8083/x.png';
          }),
        socket: () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket('ws://127.0.0.1:8083/');
            socket.onopen = resolve;
            socket.onerror = reject;
          }),
        beacon: async () => {
          if (!navigator.sendBeacon('https://example.com/', 'x')) throw new Error('refused');
        },
        file: () => fetch('file:///etc/passwd'),
        'another app': () => fetch('app://other/index.html'),
      };
      const found: string[] = [];
      for (const [name, attempt] of Object.entries(tries)) {
        await attempt().then(
          () => found.push(name),
          () => {},
        );
      }
      return found;
    });
    // The policy refuses a beacon after it was accepted: it is never sent.
    expect(reached.filter((name) => name !== 'beacon')).toEqual([]);
    running().errors.splice(0);
  });

  test('the session itself refuses the network, whatever a policy says', async () => {
    const statuses = await running().electron.evaluate(async ({ session }) => {
      const urls = ['http://127.0.0.1:8083/', 'https://example.com/'];
      return Promise.all(
        urls.map((url) =>
          session.defaultSession.fetch(url, { bypassCustomProtocolHandlers: true }).then(
            ({ status }) => status,
            (error: Error) => error.message,
          ),
        ),
      );
    });
    for (const status of statuses) expect(status).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  test('paths that would leave the app are not found', async () => {
    const statuses = await evaluate(() =>
      Promise.all(
        ['/..%2f..%2fetc/passwd', '/%2e%2e/package.json', '/index.html%00', '//etc/passwd', '/assets/..%5c..%5cx'].map(
          async (path) => (await fetch(`app://runnel${path}`)).status,
        ),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([404]));
    running().errors.splice(0);
  });

  test('the page stays: no navigation, no second window, no frame', async () => {
    const { page, electron, errors } = running();
    for (const attempt of [
      () => void (location.href = 'https://example.com/'),
      () => void location.assign('file:///etc/passwd'),
      () => void location.replace('app://runnel/assets/'),
      () => void window.open('https://example.com/'),
      () => void window.open('app://runnel/'),
      () => void (location.href = 'data:text/html,x'),
      () => {
        const link = document.createElement('a');
        link.href = 'https://example.com/';
        link.target = '_blank';
        document.body.append(link);
        link.click();
        link.remove();
      },
      () => {
        const meta = document.createElement('meta');
        meta.httpEquiv = 'refresh';
        meta.content = '0;url=https://example.com/';
        document.head.append(meta);
        meta.remove();
      },
      () => {
        const form = document.createElement('form');
        form.action = 'https://example.com/';
        document.body.append(form);
        form.submit();
        form.remove();
      },
    ]) {
      await page.evaluate(attempt);
    }
    const framed = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const frame = document.createElement('iframe');
          frame.onload = () => {
            let inside = 'closed';
            try {
              inside = frame.contentDocument?.body.textContent || 'empty';
            } catch {}
            frame.remove();
            resolve(inside);
          };
          frame.src = 'app://runnel/index.html';
          document.body.append(frame);
        }),
    );
    expect(['closed', 'empty']).toContain(framed);
    expect(await page.evaluate(() => location.href)).toBe('app://runnel/');
    expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    errors.splice(0);
  });

  test('every permission is denied but writing to the clipboard', async () => {
    const answers = await evaluate(async () => {
      const state = async (name: string) =>
        navigator.permissions.query({ name: name as PermissionName }).then(
          (status) => status.state,
          () => 'unknown',
        );
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'clipboard-read',
        'midi',
        'persistent-storage',
      ];
      const states = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await state(name)])));
      const refused = async (attempt: () => Promise<unknown>) =>
        attempt().then(
          () => 'allowed',
          () => 'refused',
        );
      return {
        ...states,
        asked: await Notification.requestPermission(),
        media: await refused(() => navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
        screen: await refused(() => navigator.mediaDevices.getDisplayMedia()),
        position: await refused(() => new Promise((done, no) => navigator.geolocation.getCurrentPosition(done, no))),
        paste: await refused(() => navigator.clipboard.readText()),
        usb: await refused(() =>
          (navigator as unknown as { usb: { requestDevice(o: object): Promise<unknown> } }).usb.requestDevice({
            filters: [],
          }),
        ),
        hid: await refused(async () => {
          const devices = await (
            navigator as unknown as { hid: { requestDevice(o: object): Promise<unknown[]> } }
          ).hid.requestDevice({ filters: [] });
          if (devices.length === 0) throw new Error('none');
        }),
        copy: await state('clipboard-write'),
      };
    });
    const { copy, ...others } = answers as Record<string, string>;
    for (const [name, answer] of Object.entries(others))
      expect([name, answer]).toEqual([name, expect.stringMatching(/^(denied|refused|unknown)$/)]);
    expect(copy).toBe('granted');
    running().errors.splice(0);
  });

  test('a frame that asks for ports gets none', async () => {
    const { page } = running();
    await takePorts(page);
    const before = await portCounts(page);
    await page.evaluate(() => document.body.append(document.createElement('iframe')));
    const frame = page.frames().find((other) => other !== page.mainFrame());
    await frame?.evaluate(() => window.parent.postMessage({ type: 'runnel-ready' }, '*'));
    await page.evaluate(() => document.querySelector('iframe')?.remove());
    expect(frame).toBeDefined();
    await result(page, 'desktop', 'appInfo');
    expect(await portCounts(page)).toEqual(before);
  });

  test.each<[Part, Record<string, { kind: string; args: unknown }>]>([
    ['desktop', desktopContract],
    ['worker', workerContract],
  ])('%s: every method refuses arguments that are not its own, and goes on answering', async (part, contract) => {
    const { page } = running();
    await takePorts(page);
    const hostile = [
      null,
      7,
      'x',
      [],
      {},
      { name: 1 },
      { name: '' },
      { name: { toString: 'x' } },
      { topic: '../../etc/passwd', partition: -1, offset: 'x' },
      { url: 'javascript:alert(1)', kind: 'shell', folder: '/', text: 5, json: 5, command: 'x' },
      { theme: 'purple', sandboxPort: 1e9, __proto__: { x: 1 } },
      { config: { a: 1 } },
    ];
    for (const [method, { args }] of Object.entries(contract)) {
      if (!args) continue;
      for (const arguments_ of hostile) {
        if (method === 'changeSettings' && JSON.stringify(arguments_) === '{}') continue;
        if (
          method === 'startDemo' &&
          !(arguments_ === null || typeof arguments_ !== 'object' || Array.isArray(arguments_))
        )
          continue;
        const answer = await request(page, part, method, arguments_);
        expect([method, arguments_, answer]).toMatchObject([
          method,
          arguments_,
          { type: 'error', error: { code: 'BAD_REQUEST' } },
        ]);
      }
    }
    for (const method of ['constructor', '__proto__', 'toString', 'eval', 'shell', '../x', ''])
      expect(await request(page, part, method, {})).toMatchObject({ type: 'error', error: { code: 'BAD_REQUEST' } });
    for (const message of [
      null,
      1,
      'x',
      [],
      {},
      { type: 'open' },
      { type: 'cancel', id: -1 },
      { type: 'credit', id: 0, count: 1e99 },
    ])
      await post(page, part, message);
    expect((await request(page, part, part === 'desktop' ? 'appInfo' : 'info')).type).toBe('value');
  });

  test('an address is opened only when it is https and the person agrees', async () => {
    const { page, electron } = running();
    await takePorts(page);
    await electron.evaluate(({ dialog, shell }) => {
      const seen = { asked: [] as string[], opened: [] as string[] };
      Object.assign(globalThis, { seen, answer: 1 });
      dialog.showMessageBox = (async (_window: unknown, options: { detail: string }) => {
        seen.asked.push(options.detail);
        return { response: (globalThis as unknown as { answer: number }).answer, checkboxChecked: false };
      }) as unknown as typeof dialog.showMessageBox;
      shell.openExternal = async (url: string) => void seen.opened.push(url);
    });
    const open = (url: string) => result<boolean>(page, 'desktop', 'openExternal', { url });
    for (const url of ['http://example.com/', 'file:///etc/passwd', 'ms-settings:x', 'javascript:alert(1)', 'x'])
      expect(await request(page, 'desktop', 'openExternal', { url })).toMatchObject({ error: { code: 'BAD_REQUEST' } });
    expect(await open('https://a:b@example.com/')).toBe(false);
    expect(await open('https://example.com/a?b#c')).toBe(false);
    await electron.evaluate(() => void Object.assign(globalThis, { answer: 0 }));
    expect(await open('https://example.com/yes')).toBe(true);
    const seen = await electron.evaluate(() => (globalThis as unknown as { seen: unknown }).seen);
    expect(seen).toEqual({
      asked: ['https://example.com/a?b#c', 'https://example.com/yes'],
      opened: ['https://example.com/yes'],
    });
  });
}
