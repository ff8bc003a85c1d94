import { useState } from 'react';
import type { ConsumePartition } from '../../../common/kafka/consume.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Popover } from '../../components/popover.tsx';
import { count } from '../../format.ts';
import '../../components/select.css';

export interface PartitionPickerProps {
  /** null: all */
  chosen: readonly number[] | null;
  total: number;
  /** Where reading is, by partition, as far as known. */
  progress: readonly ConsumePartition[];
  onChange(partitions: number[] | null): void;
}

/** Any subset of the partitions; shows where each one is. */
export function PartitionPicker({ chosen, total, progress, onChange }: PartitionPickerProps) {
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<ReadonlySet<number>>(new Set());
  const all = Array.from({ length: total }, (_, partition) => partition);
  const positions = new Map(progress.map((entry) => [entry.partition, entry]));
  const change = (next: boolean) => {
    if (next) setDraft(new Set(chosen ?? all));
    setOpen(next);
  };
  const toggle = (partition: number) => {
    const next = new Set(draft);
    if (!next.delete(partition)) next.add(partition);
    setDraft(next);
  };
  const apply = () => {
    setOpen(false);
    onChange(draft.size === total ? null : [...draft].sort((a, b) => a - b));
  };
  return (
    <Popover
      open={open}
      onOpenChange={change}
      label="Partitions"
      trigger={
        <button type="button" className="select">
          Partitions:{' '}
          {chosen === null
            ? `all ${total || ''}`
            : chosen.length > 3
              ? `${chosen.length} of ${total}`
              : chosen.join(', ')}
          <Icon name="down" size={12} />
        </button>
      }
    >
      <span style={{ display: 'flex', gap: 6 }}>
        <Button size="small" kind="ghost" onClick={() => setDraft(new Set(all))}>
          All
        </Button>
        <Button size="small" kind="ghost" onClick={() => setDraft(new Set())}>
          None
        </Button>
      </span>
      <div style={{ maxHeight: 280, overflow: 'auto', display: 'grid', gap: 4 }}>
        {all.map((partition) => {
          const entry = positions.get(partition);
          return (
            <Checkbox
              key={partition}
              checked={draft.has(partition)}
              onChange={() => toggle(partition)}
              note={entry && `at ${count(entry.position)} of ${count(entry.endOffset)}`}
            >
              Partition {partition}
            </Checkbox>
          );
        })}
      </div>
      <span>
        <Button
          kind="primary"
          size="small"
          onClick={apply}
          unavailable={draft.size === 0 ? 'Choose at least one partition' : undefined}
        >
          Read {draft.size === total ? 'all' : count(draft.size)}
        </Button>
      </span>
    </Popover>
  );
}
