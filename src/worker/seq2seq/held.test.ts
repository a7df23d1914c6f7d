import { describe, expect, it } from 'vitest';
import type { MarianArchitecture } from '../../protocol/manifest.ts';
import { fakeDevice, type FakeDevice } from '../runtime/fixtures/fakeDevice.ts';
import type { HeldTensors, Session } from '../runtime/session.ts';
import { gatherHeld, letGo, placed } from './tensors.ts';
import { TranslatorModel } from './translator.ts';

const { signal } = new AbortController();
const EOS = 0;
const DIM = 4;
const architecture: MarianArchitecture = {
  type: 'marian-ssru',
  dim: DIM,
  heads: 1,
  encoderLayers: 1,
  decoderLayers: 2,
  vocabulary: 10,
  positions: 64,
  eosId: EOS,
  unkId: 1,
};

/** A session on a device that gives these outputs, and says what it was fed. */
function session(device: FakeDevice, outputs: (feeds: HeldTensors) => HeldTensors): Session {
  return {
    run: () => Promise.reject(new Error('What is held was asked for.')),
    runHeld: async (feeds) => outputs(feeds),
    place: ({ dims }) => Promise.resolve(device.tensor(dims)),
    release: () => Promise.resolve(),
  };
}

/** A translator that says 5 for ever, on a device. */
function translator(device: FakeDevice): TranslatorModel {
  const decode = (feeds: HeldTensors): HeldTensors => {
    const dims = feeds['previous']?.dims ?? [];
    const rows = dims.reduce((product, size) => product * size, 1);
    if (feeds['memory.1']?.type !== 'device') throw new Error('The memory did not stay on the device.');
    const ones = (length: number): Float32Array => new Float32Array(length).fill(-1);
    return {
      ids: { type: 'int32', data: new Int32Array(rows).fill(5), dims: [1, rows] },
      log_probs: { type: 'float32', data: ones(rows), dims: [1, rows] },
      attention: { type: 'float32', data: ones(rows * 2), dims: [1, rows, 2] },
      'state.1.out': device.tensor([...dims, DIM]),
      'state.2.out': device.tensor([...dims, DIM]),
    };
  };
  return new TranslatorModel(
    {
      encoder: session(device, ({ ids }) => ({ 'memory.1': device.tensor([ids?.dims[0] ?? 0, 2, DIM]) })),
      decoder: session(device, decode),
      step: () => Promise.resolve(session(device, decode)),
    },
    architecture,
  );
}

const SOURCES = [Int32Array.of(2, EOS), Int32Array.of(3, EOS), Int32Array.of(4, EOS)];
/** The memory, and the states of two layers. */
const HELD = 3;

describe('a translator on a device', () => {
  it('keeps its memory and its states there, and gives back what it has read', async () => {
    const device = fakeDevice();
    const model = translator(device);
    const state = await model.start(SOURCES, { beams: 1, prompt: new Int32Array(), signal });
    for (const rows of [[0, 2], [1], [0]]) {
      await model.greedy(state, 1, signal);
      expect(device.alive).toBe(HELD);
      await model.select(state, Int32Array.from(rows));
      expect(device.alive).toBe(HELD);
    }
    expect(state.states['state.1']?.dims).toEqual([1, DIM]);
    expect(state.memory['memory.1']?.dims).toEqual([1, 2, DIM]);
    model.dispose(state);
    expect(device.alive).toBe(0);
  });

  it('does so with beams, whose states have a row each', async () => {
    const device = fakeDevice();
    const model = translator(device);
    const state = await model.start(SOURCES, { beams: 2, prompt: new Int32Array(), signal });
    await model.step(new Int32Array(6), state, signal);
    expect(state.states['state.2']?.dims).toEqual([6, DIM]);
    await model.select(state, Int32Array.of(1, 0, 5, 4));
    expect(state.states['state.2']?.dims).toEqual([4, DIM]);
    expect(device.alive).toBe(HELD);
    model.dispose(state);
    expect(device.alive).toBe(0);
  });
});

describe('tensors that may be on a device', () => {
  it('are gathered wherever they are', async () => {
    const device = fakeDevice();
    const near = { type: 'float32' as const, data: Float32Array.of(1, 2, 3), dims: [3] };
    const states: HeldTensors = { far: device.tensor([3, 4]), near };
    await gatherHeld(states, Int32Array.of(2, 0));
    expect(states['far']?.dims).toEqual([2, 4]);
    expect(states['near']).toEqual({ type: 'float32', data: Float32Array.of(3, 1), dims: [2] });
    expect(device.alive).toBe(1);
    letGo(states);
    expect(device.alive).toBe(0);
    expect(states).toEqual({});
  });

  it('are given back where not all of them could be placed', async () => {
    const device = fakeDevice();
    const tensor = { type: 'float32' as const, data: Float32Array.of(1), dims: [1] };
    let count = 0;
    const full: Session = {
      ...session(device, () => ({})),
      place: ({ dims }) => (count++ < 2 ? Promise.resolve(device.tensor(dims)) : Promise.reject(new Error('full'))),
    };
    await expect(placed({ a: tensor, b: tensor, c: tensor }, full)).rejects.toThrow('full');
    expect(device.alive).toBe(0);
  });
});
