import { CanvasChart } from './canvas-chart.tsx';
import './sparkline.css';

export interface SparklineProps {
  /** Oldest first; undefined where nothing was measured. */
  values: readonly (number | undefined)[];
  label: string;
  /** Grey: what it shows does not move now. */
  idle?: boolean;
  version: unknown;
}

/** The shape of a rate over the last minutes, from zero to its own peak. */
export function Sparkline({ values, label, idle, version }: SparklineProps) {
  return (
    <CanvasChart
      className="sparkline"
      label={label}
      version={`${version} ${idle}`}
      draw={(context, width, height, colour) => {
        const peak = Math.max(1, ...values.map((value) => value ?? 0));
        const x = (index: number) => (index * width) / Math.max(1, values.length - 1);
        const y = (value: number) => height - 1 - (value / peak) * (height - 3);
        const first = values.findIndex((value) => value !== undefined);
        if (first < 0) return;
        context.beginPath();
        context.moveTo(x(first), height);
        for (let index = first; index < values.length; index++) context.lineTo(x(index), y(values[index] ?? 0));
        context.lineTo(width, height);
        context.fillStyle = colour(idle ? '--ground-pressed' : '--chart-wash');
        context.fill();
        context.beginPath();
        for (let index = first; index < values.length; index++) context.lineTo(x(index), y(values[index] ?? 0));
        context.strokeStyle = colour(idle ? '--ink-3' : '--chart');
        context.lineWidth = 1.2;
        context.lineJoin = 'round';
        context.stroke();
      }}
    />
  );
}
