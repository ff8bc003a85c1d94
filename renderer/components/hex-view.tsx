import { useRef } from 'react';
import { useFixedRows } from './fixed-rows.ts';
import { BYTES_PER_LINE, hexLine } from './hex-lines.ts';
import './hex-view.css';

const LINE_HEIGHT = 20;

/** Bytes as they are; only what is in view is drawn. */
export function HexView({ bytes, label }: { bytes: Uint8Array; label: string }) {
  const region = useRef<HTMLElement>(null);
  const lines = Math.ceil(bytes.length / BYTES_PER_LINE);
  const rows = useFixedRows(region, lines, LINE_HEIGHT);
  const digits = Math.max(4, (bytes.length - 1).toString(16).length);
  const drawn = Array.from({ length: rows.last - rows.first }, (_, index) =>
    hexLine(bytes, rows.first + index, digits),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="hex-view" ref={region} tabIndex={0} aria-label={label}>
      <div style={{ height: rows.height, width: `${digits + 4 + BYTES_PER_LINE * 4}ch` }}>
        <pre style={{ top: rows.first * LINE_HEIGHT }}>
          {drawn.map(({ offset, hex, ascii }) => (
            <span key={offset}>
              <span className="third">{offset}</span>
              {`  ${hex.padEnd(BYTES_PER_LINE * 3)} `}
              <span className="second">{ascii}</span>
              {'\n'}
            </span>
          ))}
        </pre>
      </div>
    </section>
  );
}
