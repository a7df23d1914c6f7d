import { EngineError } from '../protocol/errors.ts';

/**
 * Reads a SentencePiece model (`.spm`): a protocol buffer, `ModelProto` of sentencepiece_model.proto. Every length is
 * checked before it is used; what does not fit is `model-corrupt` with the reason.
 */

export type PieceType = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

export interface Piece {
  /** As stored: U+2581 stands for a space. */
  text: string;
  /** Log-probability (unigram). A float32. */
  score: number;
  type: PieceType;
}

/** The normaliser's rules as stored: a Darts double array over UTF-8 bytes whose values are offsets of replacements. */
export interface CharsMap {
  /** The double array's units. */
  units: Uint32Array;
  /** NUL-terminated UTF-8 strings, one after the other; the last byte is a NUL. */
  replacements: Uint8Array;
}

export interface NormalizerSpec {
  /** E.g. `nmt_nfkc`. For information: the rules are in `charsMap`. */
  name: string;
  charsMap: CharsMap | null;
  addDummyPrefix: boolean;
  removeExtraWhitespaces: boolean;
  escapeWhitespaces: boolean;
}

export interface SentencePieceModel {
  modelType: 'unigram' | 'bpe' | 'word' | 'char';
  /** The id of a piece is its index. Texts are unique. */
  pieces: Piece[];
  unkId: number;
  /** -1 where the vocabulary has none, as for `eosId` and `padId`. */
  bosId: number;
  eosId: number;
  padId: number;
  /** What an unknown piece is decoded to. */
  unkSurface: string;
  /** Unknown characters are spelled as UTF-8 bytes; the vocabulary has all 256 `<0x..>` pieces. */
  byteFallback: boolean;
  treatWhitespaceAsSuffix: boolean;
  normalizer: NormalizerSpec;
}

const MODEL_TYPES = new Map<number, SentencePieceModel['modelType']>([
  [1, 'unigram'],
  [2, 'bpe'],
  [3, 'word'],
  [4, 'char'],
]);

const PIECE_TYPES = new Map<number, PieceType>([
  [1, 'normal'],
  [2, 'unknown'],
  [3, 'control'],
  [4, 'user-defined'],
  [5, 'unused'],
  [6, 'byte'],
]);

/** As in SentencePiece itself. */
const MAX_PIECE_BYTES = 8000;

function corrupt(reason: string): EngineError {
  return new EngineError(
    'model-corrupt',
    `This is not a usable SentencePiece vocabulary: ${reason}. Fetch or export the file again.`,
  );
}

const NOTHING = new Uint8Array(0);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Walks the fields of one message in order. Every method throws `model-corrupt` at the first that does not fit. */
class MessageReader {
  /** Of the current field. */
  tag = 0;
  wire = 0;
  /** A varint's value; 0 for the other wire types. */
  number = 0;
  /** The bytes of a field that is not a varint lie in `from..to` of the message. */
  from = 0;
  to = 0;
  readonly #message: Uint8Array;
  readonly #what: string;
  readonly #end: number;
  #at: number;

  constructor(message: Uint8Array, what: string, from = 0, to = message.length) {
    this.#message = message;
    this.#what = what;
    this.#at = from;
    this.#end = to;
  }

  /** Moves to the next field; false at the end. */
  next(): boolean {
    if (this.#at === this.#end) return false;
    const key = this.#varint();
    this.tag = Math.floor(key / 8);
    this.wire = key % 8;
    this.number = 0;
    if (this.tag === 0) throw corrupt(`${this.#what} has a field numbered 0`);
    if (this.wire === 0) this.number = this.#varint();
    else if (this.wire === 1) this.#take(8);
    else if (this.wire === 2) this.#take(this.#varint());
    else if (this.wire === 5) this.#take(4);
    else throw corrupt(`${this.#what} has a field of unknown wire type ${this.wire}`);
    return true;
  }

  expectWire(wire: number, what: string): void {
    if (this.wire !== wire) throw corrupt(`${what} has wire type ${this.wire} instead of ${wire}`);
  }

  bytes(what: string): Uint8Array {
    this.expectWire(2, what);
    return this.#message.subarray(this.from, this.to);
  }

  flag(what: string): boolean {
    this.expectWire(0, what);
    return this.number !== 0;
  }

  text(what: string): string {
    this.expectWire(2, what);
    // A decoder costs a microsecond a call, and vocabularies hold tens of thousands of short texts, mostly of these bytes.
    let text = '';
    for (let i = this.from; i < this.to; i++) {
      const byte = this.#message[i] ?? 0;
      if (byte < 0x80) text += String.fromCharCode(byte);
      else if (byte === 0xe2 && i + 2 < this.to && this.#message[i + 1] === 0x96 && this.#message[i + 2] === 0x81) {
        text += '\u2581';
        i += 2;
      } else {
        try {
          return utf8.decode(this.#message.subarray(this.from, this.to));
        } catch {
          throw corrupt(`${what} is not UTF-8`);
        }
      }
    }
    return text;
  }

  #take(length: number): void {
    if (length > this.#end - this.#at) {
      throw corrupt(`${this.#what} wants ${length} bytes at ${this.#at} and ends at ${this.#end}`);
    }
    this.from = this.#at;
    this.to = this.#at += length;
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70 && this.#at < this.#end; shift += 7) {
      const byte = this.#message[this.#at++] ?? 0;
      // Multiplied, not shifted: lengths past 2^31 must stay positive to be refused.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw corrupt(`${this.#what} holds a number without an end`);
  }
}

function readPiece(file: Uint8Array, from: number, to: number, id: number): Piece {
  const field = new MessageReader(file, 'a piece', from, to);
  let text = '';
  let score = 0;
  let type: PieceType = 'normal';
  while (field.next()) {
    if (field.tag === 1) {
      if (field.to - field.from >= MAX_PIECE_BYTES) throw corrupt(`piece ${id} is too long`);
      text = field.text("a piece's text");
    } else if (field.tag === 2) {
      field.expectWire(5, "a piece's score");
      score = new DataView(file.buffer, file.byteOffset + field.from, 4).getFloat32(0, true);
    } else if (field.tag === 3) {
      field.expectWire(0, "a piece's type");
      const known = PIECE_TYPES.get(field.number);
      if (known === undefined) throw corrupt(`piece ${id} has the unknown type ${field.number}`);
      type = known;
    }
  }
  if (text === '' || text.includes('\0')) throw corrupt(`piece ${id} is empty or holds a NUL`);
  if (!Number.isFinite(score)) throw corrupt(`piece ${id} has no finite score`);
  return { text, score, type };
}

interface TrainerSpec {
  modelType: SentencePieceModel['modelType'];
  treatWhitespaceAsSuffix: boolean;
  byteFallback: boolean;
  unkSurface: string;
  bosPiece: string;
  eosPiece: string;
  padPiece: string;
}

/** Defaults as in sentencepiece_model.proto. */
function readTrainerSpec(message: Uint8Array): TrainerSpec {
  const spec: TrainerSpec = {
    modelType: 'unigram',
    treatWhitespaceAsSuffix: false,
    byteFallback: false,
    unkSurface: ' \u2047 ',
    bosPiece: '<s>',
    eosPiece: '</s>',
    padPiece: '<pad>',
  };
  const field = new MessageReader(message, 'the trainer spec');
  while (field.next()) {
    if (field.tag === 3) {
      field.expectWire(0, 'the model type');
      const type = MODEL_TYPES.get(field.number);
      if (type === undefined) throw corrupt(`its model type ${field.number} is unknown`);
      spec.modelType = type;
    } else if (field.tag === 24) spec.treatWhitespaceAsSuffix = field.flag('treat_whitespace_as_suffix');
    else if (field.tag === 35) spec.byteFallback = field.flag('byte_fallback');
    else if (field.tag === 44) spec.unkSurface = field.text('unk_surface');
    else if (field.tag === 46) spec.bosPiece = field.text('bos_piece');
    else if (field.tag === 47) spec.eosPiece = field.text('eos_piece');
    else if (field.tag === 48) spec.padPiece = field.text('pad_piece');
  }
  return spec;
}

/** `<u32 bytes of the trie><trie><replacements>`, little endian. */
function readCharsMap(blob: Uint8Array): CharsMap | null {
  if (blob.length === 0) return null;
  if (blob.length < 5) throw corrupt('its normalisation rules are cut off');
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const trieBytes = view.getUint32(0, true);
  if (trieBytes % 4 !== 0 || trieBytes === 0 || trieBytes >= blob.length - 4) {
    throw corrupt(`its normalisation rules claim a trie of ${trieBytes} bytes in ${blob.length}`);
  }
  const units = new Uint32Array(trieBytes / 4);
  for (let i = 0; i < units.length; i++) units[i] = view.getUint32(4 + 4 * i, true);
  const replacements = blob.slice(4 + trieBytes);
  if (replacements[replacements.length - 1] !== 0) throw corrupt('its last normalisation rule has no end');
  return { units, replacements };
}

function readNormalizerSpec(message: Uint8Array): NormalizerSpec {
  const spec: NormalizerSpec = {
    name: '',
    charsMap: null,
    addDummyPrefix: true,
    removeExtraWhitespaces: true,
    escapeWhitespaces: true,
  };
  const field = new MessageReader(message, 'the normalizer spec');
  while (field.next()) {
    if (field.tag === 1) spec.name = field.text("the normalizer's name");
    else if (field.tag === 2) spec.charsMap = readCharsMap(field.bytes('precompiled_charsmap'));
    else if (field.tag === 3) spec.addDummyPrefix = field.flag('add_dummy_prefix');
    else if (field.tag === 4) spec.removeExtraWhitespaces = field.flag('remove_extra_whitespaces');
    else if (field.tag === 5) spec.escapeWhitespaces = field.flag('escape_whitespaces');
  }
  return spec;
}

/**
 * Parses a SentencePiece model file.
 * @throws EngineError `model-corrupt` for truncated, hostile or foreign bytes.
 */
export function parseSentencePiece(bytes: Uint8Array): SentencePieceModel {
  const pieces: Piece[] = [];
  let trainer = readTrainerSpec(NOTHING);
  let normalizer = readNormalizerSpec(NOTHING);
  const field = new MessageReader(bytes, 'the file');
  while (field.next()) {
    if (field.tag > 5 && field.tag < 200) throw corrupt(`the file has an unknown field ${field.tag}`);
    if (field.tag > 5) continue;
    const message = field.bytes('a field of the file');
    if (field.tag === 1) pieces.push(readPiece(bytes, field.from, field.to, pieces.length));
    else if (field.tag === 2) trainer = readTrainerSpec(message);
    else if (field.tag === 3) normalizer = readNormalizerSpec(message);
    else if (field.tag === 5 && readNormalizerSpec(message).charsMap !== null) {
      throw new EngineError(
        'unsupported-model',
        'This vocabulary rewrites its output with rules, which is not supported.',
      );
    }
  }
  const ids = checkPieces(pieces, trainer.byteFallback);
  const controlId = (text: string): number => {
    const id = ids.get(text);
    return id !== undefined && pieces[id]?.type === 'control' ? id : -1;
  };
  return {
    modelType: trainer.modelType,
    pieces,
    unkId: pieces.findIndex((piece) => piece.type === 'unknown'),
    bosId: controlId(trainer.bosPiece),
    eosId: controlId(trainer.eosPiece),
    padId: controlId(trainer.padPiece),
    unkSurface: trainer.unkSurface,
    byteFallback: trainer.byteFallback,
    treatWhitespaceAsSuffix: trainer.treatWhitespaceAsSuffix,
    normalizer,
  };
}

/** The rules SentencePiece itself holds a vocabulary to (model_interface.cc, InitializePieces). Text -> id. */
function checkPieces(pieces: Piece[], byteFallback: boolean): Map<string, number> {
  const ids = new Map<string, number>();
  let unknowns = 0;
  let byteValues = 0;
  pieces.forEach(({ text, type }, id) => {
    if (ids.has(text)) throw corrupt(`the piece "${text}" is there twice`);
    ids.set(text, id);
    if (type === 'unknown') unknowns++;
    if (type !== 'byte') return;
    if (!byteFallback) throw corrupt(`it has the byte piece ${text} without byte fallback`);
    if (!/^<0x[0-9A-F]{2}>$/.test(text)) throw corrupt(`the byte piece ${text} names no byte`);
    byteValues++;
  });
  if (unknowns !== 1) throw corrupt(`it has ${unknowns} pieces for the unknown instead of one`);
  if (byteFallback && byteValues !== 256) throw corrupt(`it has ${byteValues} of 256 byte pieces`);
  if (!pieces.some(({ type }) => type === 'normal')) throw corrupt('it has no ordinary piece');
  return ids;
}
