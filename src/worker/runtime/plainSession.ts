import { EngineError } from '../../protocol/errors.ts';
import type { HeldTensors, Session } from './session.ts';
import type { Tensor } from './tensor.ts';

/** A session that computes with the processor: what it holds is where everything else is. */
export function plainSession(run: Session['run'], release: Session['release']): Session {
  return {
    run,
    runHeld: (feeds, signal, outputs) => run(plain(feeds), signal, outputs),
    place: (tensor) => Promise.resolve(tensor),
    release,
  };
}

function plain(feeds: HeldTensors): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => {
      if (tensor.type === 'device') throw new EngineError('internal', `The input "${name}" is on a device.`);
      return [name, tensor];
    }),
  );
}
