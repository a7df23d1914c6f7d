import type { ReactNode } from 'react';
import type { Range } from '../../protocol/types.ts';
import { touches, words } from './alignment.ts';

interface Props {
  text: string;
  language: string;
  /** Words to light; null: the sentence is not pointed at, and its words need no elements. */
  lit: Range[] | null;
  /** Glossary terms to mark. */
  terms?: Range[];
}

/** A sentence whose words can be told apart by the pointer (`data-from`, `data-to`) and lit. */
export function LitText({ text, language, lit, terms = [] }: Props) {
  if (!lit) return terms.length === 0 ? text : <MarkedTerms text={text} terms={terms} />;
  return words(text, language).map(({ range, word }) => {
    const classes = [word && touches(range, lit) ? 'lit' : '', touches(range, terms) ? 'term' : ''].filter(Boolean);
    return (
      <span
        key={range[0]}
        {...(word ? { 'data-from': range[0], 'data-to': range[1] } : {})}
        {...(classes.length > 0 ? { className: classes.join(' ') } : {})}
      >
        {text.slice(...range)}
      </span>
    );
  });
}

function MarkedTerms({ text, terms }: { text: string; terms: Range[] }) {
  let end = 0;
  const parts: ReactNode[] = [];
  for (const [from, to] of [...terms].sort((a, b) => a[0] - b[0])) {
    if (from < end) continue;
    parts.push(
      text.slice(end, from),
      <span key={from} className="term">
        {text.slice(from, to)}
      </span>,
    );
    end = to;
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
