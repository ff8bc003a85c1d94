import { useEffect, useRef } from 'react';

export interface CanvasChartProps {
  className: string;
  /** For those who don't see it: what it shows, with its present number. */
  label: string;
  /** Draws in CSS pixels; `colour` resolves a token of the present theme. */
  draw(context: CanvasRenderingContext2D, width: number, height: number, colour: (token: string) => string): void;
  /** Draws again when this changes, when the size does, and when the theme does. */
  version: unknown;
}

/** A small chart, drawn when its data changed and not in between. */
export function CanvasChart({ className, label, draw, version }: CanvasChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const redraw = useRef(() => {});

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    redraw.current = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const scale = window.devicePixelRatio;
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
      const context = element.getContext('2d');
      if (!context || width === 0) return;
      context.scale(scale, scale);
      const styles = getComputedStyle(element);
      latest.current(context, width, height, (token) => resolved(element, styles, token));
    };
    const again = () => redraw.current();
    const size = new ResizeObserver(again);
    size.observe(element);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', again);
    return () => {
      size.disconnect();
      theme.disconnect();
      system.removeEventListener('change', again);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is drawn
  useEffect(() => redraw.current(), [version]);

  return <canvas ref={canvas} className={className} role="img" aria-label={label} />;
}

/** `light-dark()` is settled where a property is used, so a canvas asks a property that takes colours. */
function resolved(element: HTMLElement, styles: CSSStyleDeclaration, token: string): string {
  const before = element.style.color;
  element.style.color = `var(${token})`;
  const colour = styles.color;
  element.style.color = before;
  return colour;
}
