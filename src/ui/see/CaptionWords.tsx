import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Caption, CaptionWord } from '../../protocol/types.ts';
import { pairWords } from './captionText.ts';

interface Props {
  text: string;
  caption: Caption | undefined;
  /** The word that is pointed at, or null. */
  onLook: (word: CaptionWord | null) => void;
  onEdit: () => void;
}

/**
 * A caption, word by word. Pointing at a word, touching it or going to it with the arrow keys asks where the model looked;
 * Enter or a double click opens the text for editing.
 */
export function CaptionWords({ text, caption, onLook, onEdit }: Props) {
  const { t } = useTranslation();
  const group = useRef<HTMLParagraphElement>(null);
  const [tabStop, setTabStop] = useState(0);
  const [lit, setLit] = useState<number | null>(null);
  const pieces = useMemo(() => pairWords(text, caption?.words ?? []), [text, caption]);
  const words = pieces.flatMap(({ from }, i) => (from ? [i] : []));
  const stop = words.includes(tabStop) ? tabStop : words[0];

  const light = (index: number | null): void => {
    setLit(index);
    onLook(index === null ? null : (pieces[index]?.from ?? null));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const place = words.indexOf(stop ?? -1);
    const target = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: words.length - 1 }[event.key];
    if (target !== undefined) {
      const index = words[Math.max(0, Math.min(words.length - 1, target))];
      group.current?.querySelector<HTMLElement>(`[data-word="${index}"]`)?.focus();
    } else if (event.key === 'Escape' && lit !== null) light(null);
    else if (event.key === 'Enter' || event.key === 'F2') onEdit();
    else return;
    event.preventDefault();
  };
  const leave = (event: PointerEvent): void => {
    // A finger is lifted at once: what it touched stays lit until another word is.
    if (event.pointerType === 'mouse' && !group.current?.contains(document.activeElement)) light(null);
  };

  return (
    <p
      ref={group}
      className="caption-words"
      lang="en"
      role="group"
      aria-label={t('alt.words')}
      onKeyDown={press}
      onDoubleClick={onEdit}
      onPointerLeave={leave}
    >
      {pieces.map(({ text: piece, from }, i) =>
        from ? (
          <span
            key={i}
            role="button"
            tabIndex={i === stop ? 0 : -1}
            className="caption-word"
            data-word={i}
            aria-pressed={i === lit}
            onPointerEnter={() => light(i)}
            onFocus={() => {
              setTabStop(i);
              light(i);
            }}
            onBlur={() => light(null)}
          >
            {piece}
          </span>
        ) : (
          <span key={i}>{piece}</span>
        ),
      )}
    </p>
  );
}
