// The least that shows a page in Electron: for looking at the pretended page where no browser is installed.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  window.loadURL('about:blank');
});
app.on('window-all-closed', () => app.quit());
