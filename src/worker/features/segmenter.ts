/** The pieces of a normalised text. */
export interface Segmentation {
  /** For each place where a piece ends, where it starts and its id; the last one ends where the text does. What lies between is void. */
  starts: Int32Array;
  ids: Int32Array;
}

/** Cuts normalised text into the pieces of a SentencePiece model. */
export interface Segmenter {
  /** @param units UTF-16 code units, `length` of them valid */
  segment(units: Uint16Array, length: number): Segmentation;
  /** The id of the piece that is this text and that segmentation may find, or -1. */
  pieceOf(text: string): number;
}
