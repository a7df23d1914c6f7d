import { describe, expect, it } from 'vitest';
import { openSession } from './openSession.ts';
import type { SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

const { signal } = new AbortController();

// Enough of protobuf to write a ModelProto by hand (field numbers of onnx.proto3).
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const bytes = (field: number, body: number[]): number[] => [(field << 3) | 2, body.length, ...body];
const int = (field: number, value: number): number[] => [field << 3, value];
const float = (name: string): number[] => {
  const shape = bytes(2, bytes(1, int(1, 2))); // one dimension of 2
  return [...bytes(1, ascii(name)), ...bytes(2, bytes(1, [...int(1, 1), ...shape]))];
};
const entry = (key: string, value: string): number[] => bytes(13, [...bytes(1, ascii(key)), ...bytes(2, ascii(value))]);

/** y = x + w and z = x, where w lies in `file` as two floats. */
function addGraph(file: string, operator = 'Add'): Uint8Array {
  const weight = [...int(1, 2), ...int(2, 1), ...bytes(8, ascii('w')), ...entry('location', file), ...int(14, 1)];
  const add = [...bytes(1, ascii('x')), ...bytes(1, ascii('w')), ...bytes(2, ascii('y')), ...bytes(4, ascii(operator))];
  const copy = [...bytes(1, ascii('x')), ...bytes(2, ascii('z')), ...bytes(4, ascii('Identity'))];
  const graph = [
    ...[...bytes(1, add), ...bytes(1, copy), ...bytes(2, ascii('g')), ...bytes(5, weight)],
    ...[...bytes(11, float('x')), ...bytes(12, float('y')), ...bytes(12, float('z'))],
  ];
  const length = [(graph.length & 0x7f) | 0x80, graph.length >> 7];
  return Uint8Array.from([...int(1, 8), 0x3a, ...length, ...graph, ...bytes(8, int(2, 17))]);
}

function source(over: Partial<SessionSource> = {}): SessionSource {
  const weights = [{ path: 'w.bin', data: new Uint8Array(Float32Array.of(10, 20).buffer) }];
  return { graph: addGraph('w.bin'), weights, provider: 'wasm', threads: 1, ...over };
}

const x: Tensor = { type: 'float32', data: Float32Array.of(1, 2), dims: [2] };

describe('a session in this thread', () => {
  it('runs a graph over weights that lie outside it', async () => {
    const session = await openSession(source());
    const results = await session.run({ x }, signal);
    expect(results['y']).toEqual({ type: 'float32', data: Float32Array.of(11, 22), dims: [2] });
    expect(results['z']?.data).toEqual(Float32Array.of(1, 2));
    expect(x.data).toEqual(Float32Array.of(1, 2));
    await session.release();
  });

  it('gives only the outputs that were asked for', async () => {
    const session = await openSession(source());
    expect(Object.keys(await session.run({ x }, signal, ['z']))).toEqual(['z']);
    await session.release();
  });

  it('opens several sessions at once, each with its own weights', async () => {
    const other = { path: 'w.bin', data: new Uint8Array(Float32Array.of(100, 200).buffer) };
    const sessions = await Promise.all([openSession(source()), openSession(source({ weights: [other] }))]);
    const results = await Promise.all(sessions.map((session) => session.run({ x }, signal, ['y'])));
    expect(results.map(({ y }) => [...(y?.data ?? [])])).toEqual([
      [11, 22],
      [101, 202],
    ]);
    await Promise.all(sessions.map((session) => session.release()));
  });

  it('lets a message in after every run, so that an abort is heard', async () => {
    const session = await openSession(source());
    const abort = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => abort.abort();
    port2.postMessage('abort');
    const runs = async (): Promise<number> => {
      for (let n = 0; ; n++) {
        if (n === 100) return n;
        await session.run({ x }, abort.signal);
      }
    };
    await expect(runs()).rejects.toMatchObject({ name: 'AbortError', code: 'aborted' });
    port1.close();
    await session.release();
  });

  it('does not start a run for a caller that has gone', async () => {
    const session = await openSession(source());
    await expect(session.run({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    await expect(openSession(source(), AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    await session.release();
  });

  it.each([
    ['bytes that are no graph', { graph: Uint8Array.of(1, 2, 3, 4) }],
    ['an operator that does not exist', { graph: addGraph('w.bin', 'Adt') }],
    ['weights that are missing', { weights: [] }],
    ['weights that are too short', { weights: [{ path: 'w.bin', data: new Uint8Array(4) }] }],
  ])('calls %s a corrupt model, and opens the next one', async (_, over) => {
    await expect(openSession(source(over))).rejects.toMatchObject({ name: 'EngineError', code: 'model-corrupt' });
    await (await openSession(source())).release();
  });

  it('says which run failed, and goes on', async () => {
    const session = await openSession(source());
    const three: Tensor = { type: 'float32', data: new Float32Array(3), dims: [3] };
    await expect(session.run({ x: three }, signal)).rejects.toMatchObject({ code: 'internal' });
    expect((await session.run({ x }, signal))['y']?.data).toEqual(Float32Array.of(11, 22));
    await session.release();
  });
});
