import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress, Ran, Translation, Warning } from '../../protocol/types.ts';
import { afterLoss } from '../afterLoss.ts';
import { type Failure, useTask } from '../useTask.ts';
import { isBlank, type Line, splitLines } from './lines.ts';
import { emptyProgress, layOut, type LineProgress, type Output, pairLines, type Picks } from './units.ts';

/** Long enough not to run at every letter, short enough to feel like at once. */
const DEBOUNCE_MS = 150;
/** How often streamed text is drawn. */
const FRAME_MS = 50;
/** Lines remembered; a book has fewer. */
const MEMORY = 20_000;

export interface TranslatorInput {
  text: string;
  /** null while it is not known yet: nothing is translated then. */
  from: string | null;
  to: string;
  terms: [source: string, target: string][];
  beams: number;
  provider: ProviderChoice;
  /** Whether the model is there. */
  ready: boolean;
  picks: Picks;
}

export interface Translator {
  output: Output;
  /** The source text that `output` belongs to. */
  outputOf: string;
  /** Whether `output` is the finished translation of the text as it stands. */
  settled: boolean;
  running: boolean;
  /** Stopped by the reader before the end. */
  stopped: boolean;
  progress: Progress | null;
  failure: Failure | null;
  /** On the text as a whole, not on one sentence. */
  warnings: Warning[];
  /** How the last run went, and by way of which language; `words` were translated in it. */
  ran: (Ran & { words: number; via?: string }) | null;
  translateNow: () => void;
  stop: () => void;
}

interface Shown {
  text: string;
  signature: string;
  lines: Line[];
  progress: LineProgress[];
  complete: boolean;
}

const NOTHING: Shown = { text: '', signature: '', lines: [], progress: [], complete: true };

/** Translates as the reader types: debounced, latest wins, and only lines that it has not translated before. */
export function useTranslator(input: TranslatorInput): Translator {
  const { text, from, to, terms, beams, provider, ready, picks } = input;
  const { run, stop: abort, running, progress, failure } = useTask();
  const [shown, setShown] = useState<Shown>(NOTHING);
  const [stopped, setStopped] = useState(false);
  const [ran, setRan] = useState<Translator['ran']>(null);
  const latest = useRef<Shown>(NOTHING);
  const memory = useRef({ signature: '', lines: new Map<string, Translation>() });
  const signature = JSON.stringify([from, to, beams, provider, terms]);

  const show = useCallback((next: Shown) => {
    latest.current = next;
    setShown(next);
  }, []);

  const translateNow = useCallback(async () => {
    if (!ready || from === null || isBlank(text)) return;
    if (memory.current.signature !== signature) memory.current = { signature, lines: new Map() };
    const known = memory.current.lines;
    const next = take(text, signature, known, latest.current);
    const missing = [...next.growing.keys()];
    setStopped(false);
    show({ ...next.shown, complete: missing.length === 0 });
    if (missing.length === 0) {
      abort();
      return;
    }

    let frame: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      frame ??= setTimeout(() => {
        frame = undefined;
        if (latest.current.lines === next.shown.lines) show({ ...latest.current, progress: [...next.shown.progress] });
      }, FRAME_MS);
    };
    const line = (item: number): LineProgress | undefined => next.growing.get(missing[item] ?? '');
    const outcome = await run((glossa, options) =>
      afterLoss(options.signal, () =>
        glossa.translate(missing, {
          ...options,
          from,
          to,
          beams,
          provider,
          glossary: terms,
          onPartial: (partial) => {
            const growing = line(partial.item);
            if (growing) growing.partials[partial.sentence] = partial.text;
            draw();
          },
          onSentence: ({ item, index, sentence }) => {
            const growing = line(item);
            if (growing) growing.sentences[index] = sentence;
            draw();
          },
        }),
      ),
    );
    clearTimeout(frame);
    if (outcome.state === 'done') {
      outcome.value.forEach((translation, item) => {
        known.set(missing[item] ?? '', translation);
        const growing = line(item);
        if (growing) growing.translation = translation;
      });
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MEMORY))) known.delete(oldest);
      const first = outcome.value[0];
      if (first) {
        setRan({ ...first.ran, words: countWords(missing), ...(first.via !== undefined && { via: first.via }) });
      }
      show({ ...next.shown, progress: [...next.shown.progress], complete: true });
    } else if (outcome.state !== 'superseded') {
      for (const growing of next.growing.values()) {
        growing.partials = [];
        growing.before = [];
      }
      setStopped(outcome.state === 'stopped');
      show({ ...next.shown, progress: [...next.shown.progress], complete: false });
    }
  }, [text, from, to, terms, beams, provider, ready, signature, run, abort, show]);

  useEffect(() => {
    if (isBlank(text)) {
      abort();
      const timer = setTimeout(() => show(NOTHING));
      return () => clearTimeout(timer);
    }
    const timer = setTimeout(() => void translateNow(), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, translateNow, abort, show]);

  const output = useMemo(() => layOut(shown.lines, shown.progress, picks), [shown, picks]);
  const warnings = useMemo(() => textWarnings(shown), [shown]);
  return {
    output,
    outputOf: shown.text,
    settled: shown.complete && shown.text === text && shown.signature === signature && !running,
    running,
    stopped,
    progress,
    failure,
    warnings,
    ran,
    translateNow: useCallback(() => void translateNow(), [translateNow]),
    stop: abort,
  };
}

/** What is known of a text before a run: remembered lines are there at once, others keep showing what stood in their place. */
function take(
  text: string,
  signature: string,
  known: Map<string, Translation>,
  before: Shown,
): { shown: Shown; growing: Map<string, LineProgress> } {
  const lines = splitLines(text);
  const partners = before.signature === signature ? pairLines(before.lines, lines) : [];
  const growing = new Map<string, LineProgress>();
  const progress = lines.map((line, i): LineProgress => {
    const translation = known.get(line.text);
    if (translation) return { ...emptyProgress(), translation };
    if (isBlank(line.text)) return emptyProgress();
    const twin = growing.get(line.text);
    if (twin) return twin;
    const fresh = emptyProgress(textsOf(before.progress[partners[i] ?? -1]));
    growing.set(line.text, fresh);
    return fresh;
  });
  return { shown: { text, signature, lines, progress, complete: false }, growing };
}

/** The sentences that a line shows now. */
function textsOf(line: LineProgress | undefined): string[] {
  if (!line) return [];
  if (line.translation) return line.translation.sentences.map((sentence) => sentence.target);
  const count = Math.max(line.sentences.length, line.partials.length, line.before.length);
  return Array.from({ length: count }, (_, i) => {
    const partial = line.partials[i] ?? '';
    const before = line.before[i] ?? '';
    return line.sentences[i]?.target ?? (partial.length > before.length ? partial : before);
  });
}

/** Warnings that no sentence carries, each once. */
function textWarnings({ progress }: Shown): Warning[] {
  const found = new Map<string, Warning>();
  const translated = progress.flatMap(({ translation }) => translation ?? []);
  for (const { warnings, sentences } of translated) {
    for (const warning of warnings) {
      const onSentence = sentences.some((s) => s.warnings.some((w) => w.code === warning.code));
      if (!onSentence) found.set(warning.code, warning);
    }
  }
  // A line of dashes in a long text is nothing to mention.
  if (translated.some(({ warnings }) => !warnings.some((w) => w.code === 'nothing-to-translate'))) {
    found.delete('nothing-to-translate');
  }
  return [...found.values()];
}

const countWords = (texts: string[]): number => texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
