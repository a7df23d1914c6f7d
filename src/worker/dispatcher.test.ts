import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import type { DeviceInfo } from '../protocol/types.ts';
import { serve, type DispatcherPort, type TaskRegistry } from './dispatcher.ts';
import type { TaskContext } from './tasks/task.ts';

const device: DeviceInfo = { provider: 'wasm', threads: 1, isolated: false, why: 'A test.' };
const detection = { language: 'en', confidence: 1, reliable: true };
const unused = () => Promise.reject(new Error('not part of this test'));
const registry: TaskRegistry = {
  translate: unused,
  transcribe: unused,
  caption: unused,
  listen: unused,
  summarise: unused,
  warmUp: unused,
  detectLanguage: () => Promise.resolve(detection),
  listModels: unused,
  installModel: unused,
  importModel: unused,
  inspectModel: unused,
  listSources: unused,
  listCatalogue: unused,
  listBegun: unused,
  installFrom: unused,
  forgetBegun: unused,
  removeModel: unused,
  verifyModel: unused,
  testProviders: unused,
  describeDevice: () => Promise.resolve(device),
};

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A dispatcher behind a channel: `send` to it, and `reply(n)` waits until it has said n things. */
function dispatcher(tasks: Partial<TaskRegistry>) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const port: DispatcherPort = { postMessage: (message) => port2.postMessage(message), onmessage: null };
  serve(port, { ...registry, ...tasks });
  port2.onmessage = (event: MessageEvent<Request>) => port.onmessage?.(event);
  const replies: Reply[] = [];
  let wake: () => void = () => undefined;
  port1.onmessage = (event: MessageEvent<Reply>) => {
    replies.push(event.data);
    wake();
  };
  return {
    send: (request: Request) => port1.postMessage(request),
    reply: async (count: number): Promise<Reply[]> => {
      while (replies.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return replies;
    },
  };
}

/** Rejects when it is stopped, as a task does between two runs. */
function untilStopped({ signal }: TaskContext<'describeDevice'>): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new EngineError('aborted', 'Stopped.', { partial: ['one'] }))),
  );
}

const describeRequest = (id: number): Request => ({
  type: 'run',
  id,
  task: 'describeDevice',
  input: { provider: 'auto' },
});
const detectRequest = (id: number): Request => ({ type: 'run', id, task: 'detectLanguage', input: { text: 'x' } });

describe('the dispatcher', () => {
  it('answers a request with the result of its task', async () => {
    const { send, reply } = dispatcher({});
    send(describeRequest(7));
    expect(await reply(1)).toEqual([{ type: 'done', id: 7, task: 'describeDevice', output: device }]);
  });

  it('goes on after an error, however a task fails', async () => {
    const failures = [
      () => Promise.reject(new EngineError('model-corrupt', 'Broken.', { partial: [1] })),
      () => Promise.reject(new Error('oops')),
      () => {
        throw new TypeError('at once');
      },
      () => Promise.resolve(Object.assign({ ...device }, { why: () => 'not cloneable' })),
    ];
    const { send, reply } = dispatcher({ describeDevice: () => failures.shift()!() });
    for (const id of [1, 2, 3, 4]) send(describeRequest(id));
    send(detectRequest(5));
    const replies = await reply(5);
    expect(replies.slice(0, 4)).toMatchObject([
      { type: 'failed', id: 1, error: { code: 'model-corrupt', message: 'Broken.', partial: [1] } },
      { type: 'failed', id: 2, error: { code: 'internal', message: 'oops' } },
      { type: 'failed', id: 3, error: { code: 'internal', message: 'at once' } },
      { type: 'failed', id: 4, error: { code: 'internal' } },
    ]);
    expect(replies[4]).toEqual({ type: 'done', id: 5, task: 'detectLanguage', output: detection });
  });

  it('runs one job at a time, in order', async () => {
    const log: string[] = [];
    const { send, reply } = dispatcher({
      async describeDevice() {
        log.push('start');
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push('end');
        return device;
      },
    });
    for (const id of [3, 1, 2]) send(describeRequest(id));
    expect((await reply(3)).map(({ id }) => id)).toEqual([3, 1, 2]);
    expect(log).toEqual(['start', 'end', 'start', 'end', 'start', 'end']);
  });

  it('stops the running job and keeps what it had finished', async () => {
    const { send, reply } = dispatcher({ describeDevice: (_, context) => untilStopped(context) });
    send(describeRequest(1));
    send(detectRequest(2));
    send({ type: 'abort', id: 1 });
    const replies = await reply(2);
    expect(replies[0]).toMatchObject({ type: 'failed', id: 1, error: { code: 'aborted', partial: ['one'] } });
    expect(replies[1]).toMatchObject({ type: 'done', id: 2 });
  });

  it('calls a stopped job stopped, whatever it threw', async () => {
    const { send, reply } = dispatcher({
      describeDevice: (_, context) => untilStopped(context).catch(() => Promise.reject(new Error('released'))),
    });
    send(describeRequest(1));
    send({ type: 'abort', id: 1 });
    expect(await reply(1)).toMatchObject([{ type: 'failed', error: { code: 'aborted' } }]);
  });

  it('answers a job that is stopped in the queue at once, while another one runs', async () => {
    const { send, reply } = dispatcher({ describeDevice: (_, context) => untilStopped(context) });
    send(describeRequest(1));
    send(detectRequest(2));
    send({ type: 'abort', id: 2 });
    expect(await reply(1)).toMatchObject([{ type: 'failed', id: 2, error: { code: 'aborted' } }]);
    send({ type: 'abort', id: 1 });
    expect((await reply(2))[1]).toMatchObject({ type: 'failed', id: 1 });
  });

  it('ignores an abort of a job that it does not have', async () => {
    const { send, reply } = dispatcher({});
    send({ type: 'abort', id: 9 });
    send(detectRequest(10));
    expect(await reply(1)).toMatchObject([{ type: 'done', id: 10 }]);
  });

  it('sends progress before the result, full', async () => {
    const { send, reply } = dispatcher({
      describeDevice(_, { progress }) {
        progress({ stage: 'load', done: 0, total: 2, unit: 'items' });
        progress({ stage: 'load', done: 1, total: 2, unit: 'items' });
        return Promise.resolve(device);
      },
    });
    send(describeRequest(1));
    expect(await reply(3)).toMatchObject([
      { type: 'progress', progress: { done: 0 } },
      { type: 'progress', progress: { done: 2, total: 2 } },
      { type: 'done' },
    ]);
  });

  it('tells the events of a task with its name', async () => {
    const event = { type: 'partial' as const, item: 0, sentence: 1, text: 'Olá' };
    const { send, reply } = dispatcher({
      translate(_, { emit }) {
        emit(event);
        return Promise.resolve([]);
      },
    });
    const input = { model: 'm', provider: 'auto' as const, texts: [], from: 'en', to: 'pt', beams: 1 };
    send({ type: 'run', id: 1, task: 'translate', input: { ...input, alternatives: 0, glossary: [], partials: true } });
    expect(await reply(2)).toEqual([
      { type: 'event', id: 1, task: 'translate', event },
      { type: 'done', id: 1, task: 'translate', output: [] },
    ]);
  });
});
