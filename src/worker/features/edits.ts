import type { Range } from '../../protocol/types.ts';

/** A replacement of a range of a text; an empty range inserts. */
export interface Edit {
  range: Range;
  text: string;
}

/** An edited text, and where its parts went. */
export interface EditedText {
  text: string;
  /** The range that a range of the text before has now; what an edit touches, it takes in whole. */
  moved(range: Range): Range;
}

/** Applies edits in the order of their places; of two that overlap the one given first is kept. */
export function applyEdits(text: string, edits: Edit[]): EditedText {
  const kept: Edit[] = [];
  for (const edit of edits) {
    const [from, to] = edit.range;
    if (kept.every(({ range }) => to <= range[0] || from >= range[1])) kept.push(edit);
  }
  // Stable: insertions at one place keep their order.
  kept.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  let result = '';
  let at = 0;
  const places: { range: Range; to: Range }[] = [];
  for (const { range, text: replacement } of kept) {
    result += text.slice(at, range[0]);
    places.push({ range, to: [result.length, result.length + replacement.length] });
    result += replacement;
    at = range[1];
  }
  result += text.slice(at);

  const place = (offset: number, isEnd: boolean): number => {
    let shift = 0;
    for (const { range, to } of places) {
      const isInsertion = range[0] === range[1];
      if (isInsertion ? offset < range[0] || (isEnd && offset === range[0]) : offset <= range[0]) break;
      if (offset < range[1]) return isEnd ? to[1] : to[0];
      shift = to[1] - range[1];
    }
    return offset + shift;
  };
  return { text: result, moved: ([from, to]) => [place(from, false), Math.max(place(from, false), place(to, true))] };
}
