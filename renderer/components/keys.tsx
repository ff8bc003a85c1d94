import { keyCaps } from '../keyboard/keys.ts';
import { mac } from '../platform.ts';
import './keys.css';

/** The caps of one chord, drawn where the action is drawn. Screen readers get it from `aria-keyshortcuts`. */
export function Keys({ chord }: { chord: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {keyCaps(chord, mac).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}

/** A chord in ARIA's words: `Control+Shift+C`. */
export function ariaKeys(chord: string): string {
  return chord.replace('Mod', mac ? 'Meta' : 'Control').replace('Ctrl', 'Control');
}
