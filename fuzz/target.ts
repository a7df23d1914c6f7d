import type { ErrorCode } from '../src/protocol/errors.ts';
import type { Random } from './random.ts';

/** A reader of files that nobody vouches for, and how to trouble it. */
export interface Target {
  name: string;
  /** Small files that it reads without an error: what is mutated. */
  seeds: readonly Uint8Array[] | (() => Promise<readonly Uint8Array[]>);
  /** Pieces that mean something in the format: they are written over bytes, and put between them. */
  words?: readonly (string | Uint8Array)[];
  /** A mutation that knows the format, so that more than the reader's first check is reached. */
  reshape?: (random: Random, file: Uint8Array) => Uint8Array;
  /** Reads a file and uses what was read. Throws plain errors where a property of the reader does not hold. */
  read: (file: Uint8Array<ArrayBuffer>) => unknown;
  /** The codes of the EngineErrors that it may refuse a file with. Anything else that it throws is a finding. */
  refusals: readonly ErrorCode[];
}
