import type { Alternative, TranslatedSentence, Translation } from '../../protocol/types.ts';
import { isBlank, type Line } from './lines.ts';

/** One sentence of the output, as the reader sees it. */
export interface Unit {
  /** Stable while the text streams in: line and sentence number. */
  id: string;
  /** What stands between the sentence before and this one: spaces, line breaks. */
  gap: string;
  text: string;
  /** `done`: final. `growing`: partial text. `stale`: of the text before the last edit, until its successor is ready. */
  state: 'done' | 'growing' | 'stale';
  /** The engine's sentence behind a `done` unit. */
  sentence?: TranslatedSentence;
  /** Where the line of this sentence starts in the whole source; `sentence.sourceRange` counts from there. */
  lineStart: number;
  /** The alternative that the reader picked. */
  pick?: Alternative;
}

/** How far the translation of one line has come. */
export interface LineProgress {
  translation?: Translation;
  /** While it runs, by sentence number. */
  sentences: (TranslatedSentence | undefined)[];
  partials: (string | undefined)[];
  /** The sentences shown at this place before. */
  before: string[];
}

export const emptyProgress = (before: string[] = []): LineProgress => ({ sentences: [], partials: [], before });

export type Picks = Record<string, Alternative>;

/** Everything the target pane shows: the sentences in order, and what stands behind the last. */
export interface Output {
  units: Unit[];
  tail: string;
}

/** Puts the lines together again; what lies between sentences comes out as it went in. */
export function layOut(lines: Line[], progress: LineProgress[], picks: Picks): Output {
  const units: Unit[] = [];
  let gap = '';
  lines.forEach((line, number) => {
    const made = progress[number] ?? emptyProgress();
    if (isBlank(line.text)) {
      gap += line.text + line.end;
      return;
    }
    const { lineUnits, tail } = made.translation
      ? finishedLine(line, number, made.translation, picks)
      : runningLine(line, number, made, picks);
    const first = lineUnits[0];
    if (first) lineUnits[0] = { ...first, gap: gap + first.gap };
    units.push(...lineUnits);
    gap = (first ? '' : gap) + tail + line.end;
  });
  return { units, tail: gap };
}

interface LineUnits {
  lineUnits: Unit[];
  tail: string;
}

function finishedLine(line: Line, number: number, translation: Translation, picks: Picks): LineUnits {
  let end = 0;
  const lineUnits = translation.sentences.map((sentence, i): Unit => {
    const gap = translation.text.slice(end, sentence.targetRange[0]);
    end = sentence.targetRange[1];
    return { ...doneUnit(line, number, i, sentence, picks), gap };
  });
  return { lineUnits, tail: translation.text.slice(end) };
}

function runningLine(line: Line, number: number, made: LineProgress, picks: Picks): LineUnits {
  const lineUnits: Unit[] = [];
  const count = Math.max(made.sentences.length, made.partials.length, made.before.length);
  let sourceEnd: number | undefined = 0;
  for (let i = 0; i < count; i++) {
    const sentence = made.sentences[i];
    const partial = made.partials[i] ?? '';
    const before = made.before[i] ?? '';
    const gap =
      sentence && sourceEnd !== undefined ? line.text.slice(sourceEnd, sentence.sourceRange[0]) : i === 0 ? '' : ' ';
    sourceEnd = sentence?.sourceRange[1];
    if (sentence) lineUnits.push({ ...doneUnit(line, number, i, sentence, picks), gap });
    // What stood here stays until its successor is at least as long: the page must not shrink and grow at every letter.
    else if (partial.length > before.length) {
      lineUnits.push({ id: `${number}.${i}`, gap, text: partial, state: 'growing', lineStart: line.start });
    } else if (before) {
      lineUnits.push({ id: `${number}.${i}`, gap, text: before, state: 'stale', lineStart: line.start });
    }
  }
  return { lineUnits, tail: '' };
}

function doneUnit(line: Line, number: number, i: number, sentence: TranslatedSentence, picks: Picks): Unit {
  const pick = Object.hasOwn(picks, sentence.source) ? picks[sentence.source] : undefined;
  return {
    id: `${number}.${i}`,
    gap: '',
    text: pick?.text ?? sentence.target,
    state: 'done',
    sentence,
    lineStart: line.start,
    ...(pick ? { pick } : {}),
  };
}

export const outputText = ({ units, tail }: Output): string =>
  units.map((unit) => unit.gap + unit.text).join('') + tail;

/** A run of whole lines: what is drawn, and drawn again, as one block. */
export interface UnitGroup {
  units: Unit[];
  /** What stands behind its last sentence, up to the end of the line. */
  tail: string;
}

/** Sentences a group, at least: a group ends with a line, so that its block looks as its text did in one. */
const GROUP = 12;

/** Cuts an output into blocks, because a browser lays out a block as a whole: a long text in one would stall the page. */
export function groupUnits({ units, tail }: Output): UnitGroup[] {
  const groups: UnitGroup[] = [];
  let group: Unit[] = [];
  for (const unit of units) {
    const lineEnd = Math.max(unit.gap.lastIndexOf('\n'), unit.gap.lastIndexOf('\r')) + 1;
    if (group.length < GROUP || lineEnd === 0) {
      group.push(unit);
      continue;
    }
    groups.push({ units: group, tail: unit.gap.slice(0, lineEnd) });
    group = [{ ...unit, gap: unit.gap.slice(lineEnd) }];
  }
  if (group.length > 0 || tail !== '') groups.push({ units: group, tail });
  return groups;
}

/**
 * Which old line each new line takes the place of: equal lines at both ends keep their partner, those between are paired in
 * order, so that editing one line leaves all others as they are.
 */
export function pairLines(before: Line[], after: Line[]): (number | undefined)[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head]?.text === after[head]?.text) head++;
  let foot = 0;
  while (foot < shorter - head && before.at(-1 - foot)?.text === after.at(-1 - foot)?.text) foot++;
  return after.map((_, i) => {
    if (i >= after.length - foot) return before.length - (after.length - i);
    return i < before.length - foot ? i : undefined;
  });
}
