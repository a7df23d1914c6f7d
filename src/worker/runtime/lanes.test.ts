import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../protocol/errors.ts';
import { Lane, type LaneReply, type LaneRequest, type LaneWorker } from './lanes.ts';
import { type LanePort, serveLane } from './serveLane.ts';
import { plainSession } from './plainSession.ts';
import type { Session, SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

const { signal } = new AbortController();
const source: SessionSource = { graph: Uint8Array.of(1), weights: [], provider: 'wasm', threads: 1 };
const ports: MessagePort[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A lane whose worker is the other end of a channel in this thread. */
function lane(open: (source: SessionSource) => Promise<Session>) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const far: LanePort = { postMessage: (message, transfer) => port2.postMessage(message, transfer), onmessage: null };
  serveLane(far, open);
  port2.onmessage = (event: MessageEvent<LaneRequest>) => far.onmessage?.(event);
  const worker: LaneWorker & { ended: boolean } = {
    ended: false,
    postMessage: (message, transfer) => port1.postMessage(message, transfer),
    terminate() {
      this.ended = true;
      port1.close();
    },
    onmessage: null,
    onerror: null,
    onmessageerror: null,
  };
  port1.onmessage = (event: MessageEvent<LaneReply>) => worker.onmessage?.(event);
  return { worker, lane: new Lane(worker) };
}

/** Gives every feed back, and says what else it was told. */
function echo(told: string[][] = []): Session {
  const run: Session['run'] = (feeds, _, outputs) => {
    told.push(outputs ?? ['all']);
    return Promise.resolve(feeds);
  };
  return plainSession(run, () => Promise.resolve());
}

describe('a lane', () => {
  it('runs a session in another worker and leaves the feeds with their owner', async () => {
    const told: string[][] = [];
    const { lane: far } = lane(() => Promise.resolve(echo(told)));
    const session = await far.open(source);
    const whole = Float32Array.of(1, 2, 3, 4);
    const feeds: Record<string, Tensor> = {
      half: { type: 'float32', data: whole.subarray(1, 3), dims: [2] },
      again: { type: 'float32', data: whole.subarray(1, 3), dims: [2] },
      ids: { type: 'int64', data: BigInt64Array.of(7n), dims: [1] },
      mask: { type: 'bool', data: Uint8Array.of(1, 0), dims: [2] },
    };
    const results = await session.run(feeds, signal);
    await session.run({}, signal, ['ids']);
    expect(results).toEqual(feeds);
    expect([...whole]).toEqual([1, 2, 3, 4]);
    expect(told).toEqual([['all'], ['ids']]);
  });

  it('passes on what a run or an opening failed with', async () => {
    const opened = lane(() => Promise.reject(new EngineError('model-corrupt', 'No graph.')));
    await expect(opened.lane.open(source)).rejects.toMatchObject({ code: 'model-corrupt', message: 'No graph.' });
    expect(opened.worker.ended).toBe(true);

    const { lane: far } = lane(() =>
      Promise.resolve({ ...echo(), run: () => Promise.reject(new EngineError('out-of-memory', 'Full.')) }),
    );
    const session = await far.open(source);
    await expect(session.run({}, signal)).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  it('does not hang when its worker dies: what waits fails, what comes later fails at once', async () => {
    const { worker, lane: far } = lane(() =>
      Promise.resolve({ ...echo(), run: () => new Promise<never>(() => undefined) }),
    );
    const session = await far.open(source);
    const run = session.run({}, signal);
    worker.onerror?.(Object.assign(new Event('error'), { message: 'killed' }) as ErrorEvent);
    await expect(run).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(session.run({}, signal)).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(far.alive).toBe(false);
    await session.release();
  });

  it('tells a caller that aborted during a run', async () => {
    const { lane: far } = lane(() => Promise.resolve(echo()));
    const session = await far.open(source);
    const abort = new AbortController();
    const run = session.run({}, abort.signal);
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
  });

  it('ends with its last session', async () => {
    const { worker, lane: far } = lane(() => Promise.resolve(echo()));
    const [first, second] = await Promise.all([far.open(source), far.open(source)]);
    await first.release();
    expect(worker.ended).toBe(false);
    await second.release();
    expect(worker.ended).toBe(true);
  });
});
