import { Dialog } from '../components/dialog.tsx';
import { Keys } from '../components/keys.tsx';
import { KEYMAP, type KeymapEntry } from '../keyboard/keymap.ts';
import './shortcuts-sheet.css';

/** The keymap, this screen's part first. */
export function ShortcutsSheet({ screen, onClose }: { screen: KeymapEntry['group']; onClose(): void }) {
  const entries: KeymapEntry[] = Object.values(KEYMAP);
  const groups: KeymapEntry['group'][] = [
    screen,
    'Everywhere',
    ...(['Pipelines', 'Live consumer'] as const).filter((g) => g !== screen),
  ];
  return (
    <Dialog title="Shortcuts" width={760} onClose={onClose}>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group === screen ? `${group}: this screen` : group}</h3>
            <ul>
              {entries
                .filter((entry) => entry.group === group)
                .map(({ chord, label }) => (
                  <li key={label}>
                    {label} <Keys chord={chord} />
                    <span className="unseen">{chord}</span>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="caption second">Single letters work while the focus is not in a text field.</p>
    </Dialog>
  );
}
