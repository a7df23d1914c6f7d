import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Input, TextField } from 'react-aria-components';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { replaceText } from './lineEdits.ts';

interface Props {
  query: string;
  /** The lines that hold it, and the one that the search stands at. */
  matches: readonly TranscriptLine[];
  found: TranscriptLine | null;
  onEdit: (gone: readonly TranscriptLine[], come: readonly TranscriptLine[]) => void;
}

/** Puts another text where the one is that is searched for: in one line, or in all as one step of undo. */
export function ReplaceBar({ query, matches, found, onEdit }: Props) {
  const { t } = useTranslation();
  const [replacement, setReplacement] = useState('');
  const [count, setCount] = useState<number | null>(null);
  const replaceIn = (lines: readonly TranscriptLine[]): void => {
    onEdit(
      lines,
      lines.map((line) => replaceText(line, query, replacement)),
    );
    setCount(lines.length);
  };
  const none = found === null;
  return (
    <div className="transcript-replace" role="group" aria-label={t('transcript.replace')}>
      <TextField aria-label={t('transcript.replaceWith')} value={replacement} onChange={setReplacement}>
        <Input placeholder={t('transcript.replaceWith')} />
      </TextField>
      <Button className="button" isDisabled={none} onPress={() => found && replaceIn([found])}>
        {t('transcript.replace')}
      </Button>
      <Button className="button" isDisabled={none} onPress={() => replaceIn(matches)}>
        {t('transcript.replaceAll')}
      </Button>
      <span className="quiet" role="status">
        {count !== null && t('transcript.replaced', { count })}
      </span>
    </div>
  );
}
