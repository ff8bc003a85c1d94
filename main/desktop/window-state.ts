import { join } from 'node:path';
import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { readJsonFile, writeJsonFile } from './json-file.ts';

interface WindowState {
  bounds: Rectangle | undefined;
  maximized: boolean;
  zoom: number;
}

const MIN_ZOOM = 0.9;
const MAX_ZOOM = 2;

export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

/** Where a window was: read before it is made, kept while it lives. A place on a screen that is gone is forgotten. */
export function windowState(folder: string): { state: WindowState; keep(window: BrowserWindow): void } {
  const path = join(folder, 'window.json');
  return {
    state: parse(readJsonFile(path)),
    keep(window) {
      const save = () =>
        writeJsonFile(path, {
          bounds: window.getNormalBounds(),
          maximized: window.isMaximized(),
          zoom: window.webContents.getZoomFactor(),
        });
      window.on('close', save);
      window.on('moved', save);
      window.on('resized', save);
    },
  };
}

function parse(json: unknown): WindowState {
  const { bounds, maximized, zoom } = (json && typeof json === 'object' ? json : {}) as Record<string, unknown>;
  return {
    bounds: isRectangle(bounds) && isOnScreen(bounds) ? bounds : undefined,
    maximized: maximized === true,
    zoom: typeof zoom === 'number' && Number.isFinite(zoom) ? clampZoom(zoom) : 1,
  };
}

function isRectangle(value: unknown): value is Rectangle {
  if (!value || typeof value !== 'object') return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return [x, y, width, height].every(Number.isInteger) && (width as number) > 0 && (height as number) > 0;
}

/** Enough of its title bar to be taken hold of. */
function isOnScreen({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => {
    const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
    return visible >= 100 && y >= area.y - 10 && y < area.y + area.height - 40;
  });
}
