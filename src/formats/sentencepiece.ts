import { EngineError } from '../protocol/errors.ts';
import { MessageReader } from './protobuf.ts';

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

/** Collects the pieces of a file, whose texts are decoded together: a decoder costs a microsecond a call. */
class PieceCollector {
  readonly #file: Uint8Array;
  readonly #view: DataView;
  readonly #field: MessageReader;
  readonly #texts: [from: number, to: number][] = [];
  readonly #scores: number[] = [];
  readonly #types: PieceType[] = [];

  constructor(file: Uint8Array) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#field = new MessageReader(file, 'a piece', corrupt);
  }

  /** Reads the piece that lies in `from..to` of the file. */
  add(from: number, to: number): void {
    const id = this.#texts.length;
    const field = this.#field;
    field.restart(from, to);
    let text: [number, number] = [0, 0];
    let score = 0;
    let type: PieceType = 'normal';
    while (field.next()) {
      if (field.tag === 1) {
        field.expectWire(2, "a piece's text");
        text = [field.from, field.to];
      } else if (field.tag === 2) {
        field.expectWire(5, "a piece's score");
        score = this.#view.getFloat32(field.from, true);
      } else if (field.tag === 3) {
        field.expectWire(0, "a piece's type");
        const known = PIECE_TYPES.get(field.number);
        if (known === undefined) throw corrupt(`piece ${id} has the unknown type ${field.number}`);
        type = known;
      }
    }
    if (text[0] === text[1]) throw corrupt(`piece ${id} is empty`);
    if (text[1] - text[0] >= MAX_PIECE_BYTES) throw corrupt(`piece ${id} is too long`);
    if (!Number.isFinite(score)) throw corrupt(`piece ${id} has no finite score`);
    this.#texts.push(text);
    this.#scores.push(score);
    this.#types.push(type);
  }

  pieces(): Piece[] {
    const joined = new Uint8Array(this.#texts.reduce((sum, [from, to]) => sum + to - from + 1, 0));
    let at = 0;
    for (const [from, to] of this.#texts) {
      joined.set(this.#file.subarray(from, to), at);
      at += to - from + 1;
    }
    const texts = decodeText(joined).split('\0');
    // The last text has a NUL behind it, too.
    if (texts.length !== this.#texts.length + 1) throw corrupt('a piece holds a NUL');
    return this.#types.map((type, id) => ({ text: texts[id] ?? '', score: this.#scores[id] ?? 0, type }));
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw corrupt('a piece is not UTF-8');
  }
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
  const field = new MessageReader(message, 'the trainer spec', corrupt);
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
  const field = new MessageReader(message, 'the normalizer spec', corrupt);
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
  const collector = new PieceCollector(bytes);
  let trainer = readTrainerSpec(NOTHING);
  let normalizer = readNormalizerSpec(NOTHING);
  const field = new MessageReader(bytes, 'the file', corrupt);
  while (field.next()) {
    if (field.tag > 5 && field.tag < 200) throw corrupt(`the file has an unknown field ${field.tag}`);
    if (field.tag > 5) continue;
    field.expectWire(2, 'a field of the file');
    if (field.tag === 1) {
      collector.add(field.from, field.to);
      continue;
    }
    const message = field.bytes('a field of the file');
    if (field.tag === 2) trainer = readTrainerSpec(message);
    else if (field.tag === 3) normalizer = readNormalizerSpec(message);
    else if (field.tag === 5 && readNormalizerSpec(message).charsMap !== null) {
      throw new EngineError(
        'unsupported-model',
        'This vocabulary rewrites its output with rules, which is not supported.',
      );
    }
  }
  const pieces = collector.pieces();
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
