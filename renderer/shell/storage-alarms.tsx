import { type ReactNode, useState } from 'react';
import { type DamagedRecords, NO_ALARMS } from '../../common/kafka/storage-alarms.ts';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { bytes, count, counted } from '../format.ts';
import { useLive } from '../live.ts';
import { useWorkspace } from './workspace-context.ts';
import './storage-alarms.css';

/** More than these would push the page away; the log has them all. */
const SHOWN = 3;

/** What is wrong with the disk that the sandbox is on: where, which records, what can be done. */
export function StorageAlarms() {
  const workspace = useWorkspace();
  const sandbox = useLive(workspace.sandbox).value;
  const [hidden, setHidden] = useState(0);
  const { isDiskFull, offline, damaged, damagedCount } = sandbox?.alarms ?? NO_ALARMS;
  // Ranges come one behind another; a sandbox that was started again counts from the beginning.
  const seen = hidden > damagedCount ? 0 : hidden;
  const fresh = damaged.slice(seen);
  const show = (folder: 'data' | 'logs') => () => {
    void workspace.connections.desktop.current?.showFolder({ folder }).catch(() => undefined);
  };
  if (!isDiskFull && offline.length === 0 && damagedCount === seen) return null;
  return (
    <section className="storage-alarms" aria-label="Disk of the sandbox">
      {isDiskFull && (
        <Alarm what={`No space is left on the disk of ${sandbox?.dataFolder}`} code="KafkaStorageException">
          The sandbox refuses producers, and sources wait; reading and committing offsets go on. Free some space:
          writing goes on by itself.
        </Alarm>
      )}
      {offline.length > 0 && (
        <Alarm
          what={`${counted(offline.length, 'partition')} of the sandbox ${offline.length === 1 ? 'is' : 'are'} offline`}
          lines={offline.map(({ topic, partition, reason }) => `${topic}-${partition}: ${reason}`)}
          code="KafkaStorageException"
          actions={
            <Button size="small" onClick={show('logs')}>
              Show the logs
            </Button>
          }
        >
          What was acknowledged can be read. Check the disk: records are taken again when the log could be read back.
        </Alarm>
      )}
      {damagedCount > seen && (
        <Alarm
          what={`Records of the sandbox are damaged, in ${counted(damagedCount - seen, 'place')}`}
          lines={fresh.map(lineOf)}
          total={damagedCount - seen}
          code="CorruptRecordException"
          actions={
            <>
              <Button size="small" onClick={show('data')}>
                Show the data folder
              </Button>
              <Button size="small" onClick={() => setHidden(damagedCount)}>
                Hide
              </Button>
            </>
          }
        >
          They stay in the file and readers go on behind them; all other records are as they were. Check the disk, and
          copy the data folder before it is too late. What is missing can be produced again.
        </Alarm>
      )}
    </section>
  );
}

interface AlarmProps {
  what: string;
  /** Each a place; the first are shown. */
  lines?: readonly string[];
  /** Of all places, where `lines` has not all. */
  total?: number;
  /** Kafka's name for what clients get. */
  code: string;
  actions?: ReactNode;
  /** What goes on, and what can be done. */
  children: ReactNode;
}

function Alarm({ what, lines = [], total = lines.length, code, actions, children }: AlarmProps) {
  return (
    <div className="problem" role="alert" data-strip>
      <Icon name="error" />
      <div className="selectable">
        <strong>{what}</strong>
        {lines.slice(0, SHOWN).map((line) => (
          <code key={line}>{line}</code>
        ))}
        {total > SHOWN && <span>and {count(total - SHOWN)} more, which the log names</span>}
        <span>
          {children} <code>{code}</code>
        </span>
      </div>
      {actions && <div className="problem-actions">{actions}</div>}
    </div>
  );
}

/** `tweets-1: 7 records, offsets 120,481 to 120,487 (4.1 KB in 00000000000000000000.log: the checksum is another)` */
function lineOf({ topic, partition, firstOffset, nextOffset, file, bytes: size, reason }: DamagedRecords): string {
  const records = nextOffset - firstOffset;
  const which =
    records === 1n
      ? `offset ${count(firstOffset)}`
      : `${counted(records, 'record')}, offsets ${count(firstOffset)} to ${count(nextOffset - 1n)}`;
  return `${topic}-${partition}: ${which} (${size > 0 ? `${bytes(size)} in ` : ''}${file.split(/[\\/]/).at(-1)}: ${reason})`;
}
