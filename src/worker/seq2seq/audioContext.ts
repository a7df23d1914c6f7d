/** How an encoder looks at a window: of each place in its context, what is heard there. */
export interface AudioContext {
  /** The row of what was heard (two frames of the features each). */
  rows: Int32Array;
  /** Its place in the window: 0 is the beginning, 20 ms each. */
  places: Int32Array;
  /** The logarithm of how many places it stands for: is added to the scores of attention. */
  bias: Float32Array;
}

/** The convolutions of a row look at features from two rows before it to two rows after it. */
const REACH = 2;
/** Silence after the sound in which every place stands for itself: a second. */
const WHOLE = 50;
/** Places of the silence after that which one of them stands for. */
const MERGED = 20;

/** Rows of features that a window needs to have after the sound: the last of them stands for all silence. */
export const SILENT_ROWS = 2 * REACH + 1;

/**
 * The whole context of a Whisper, which wants to see the silence after the speech, in a fraction of the work: silence is heard
 * once, and late in it one place stands for twenty. A key that stands for n others counts n times in attention, as tokens do that
 * were merged (Bolya et al. 2023, "Token Merging", proportional attention).
 * @param rows of the features
 * @param heard rows until the sound ends; where fewer than SILENT_ROWS follow them, nothing is merged or added
 * @param positions of the whole context
 */
export function audioContext(rows: number, heard: number, positions: number): AudioContext {
  const silent = heard + REACH;
  const places: number[] = [];
  const bias: number[] = [];
  const length = heard + SILENT_ROWS > rows ? rows : positions;
  const whole = Math.min(heard + WHOLE, length);
  for (let place = 0; place < whole; place++) {
    places.push(place);
    bias.push(0);
  }
  for (let from = whole; from < length; from += MERGED) {
    const count = Math.min(MERGED, length - from);
    places.push(from + Math.floor(count / 2));
    bias.push(Math.log(count));
  }
  return {
    rows: Int32Array.from(places, (place) => (length === rows ? place : Math.min(place, silent))),
    places: Int32Array.from(places),
    bias: Float32Array.from(bias),
  };
}
