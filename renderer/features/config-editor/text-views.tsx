import { useState } from 'react';
import { Copy } from '../../components/copy.tsx';
import { Segments } from '../../components/segments.tsx';
import { Problem } from '../../components/surfaces.tsx';
import { type ConfigDocument, fromProperties, toProperties } from './config-document.ts';
import { fromJson, toJson } from './config-json.ts';

export interface TextViewsProps {
  document: ConfigDocument;
  onChange(document: ConfigDocument): void;
  /** The document as it may be copied: without secrets. */
  toCopy(): ConfigDocument;
}

type View = 'json' | 'properties';

/** The document as text. What is typed stays as it was typed until something else changes the document. */
export function TextViews({ document, onChange, toCopy }: TextViewsProps) {
  const [view, setView] = useState<View>('json');
  const [typed, setTyped] = useState<{ text: string; of: ConfigDocument; problem?: unknown }>();
  const current = typed?.of === document ? typed : undefined;
  const text = current?.text ?? (view === 'json' ? toJson(document) : toProperties(document));
  const type = (next: string) => {
    try {
      const changed = view === 'json' ? fromJson(next, document) : fromProperties(next, document.beside);
      setTyped({ text: next, of: changed });
      onChange(changed);
    } catch (problem) {
      setTyped({ text: next, of: document, problem });
    }
  };
  return (
    <div className="config-text">
      <div className="toolbar">
        <Segments<View>
          label="Text"
          value={view}
          onChange={(next) => {
            setTyped(undefined);
            setView(next);
          }}
          options={[
            { value: 'json', label: 'JSON' },
            { value: 'properties', label: '.properties' },
          ]}
        />
        <span className="push" />
        <Copy
          size="small"
          label="Copy this text, its secrets replaced"
          text={() => (view === 'json' ? toJson(toCopy()) : toProperties(toCopy()))}
        />
      </div>
      <textarea
        aria-label={view === 'json' ? 'Configuration as JSON' : 'Configuration as properties'}
        spellCheck={false}
        dir="ltr"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      {current?.problem !== undefined && (
        <Problem what="The form shows what was readable last" error={current.problem} />
      )}
    </div>
  );
}
