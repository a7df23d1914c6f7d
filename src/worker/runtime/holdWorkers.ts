/**
 * Keeps every worker that this one starts until it is told to end. Firefox ends a worker that only its own listeners can
 * reach, even with a message from it on the way: those in which the runtime starts its threads, until it has heard of all of
 * them, are such, and the runtime then waits for ever.
 */
export function holdWorkers(scope: { Worker: typeof Worker }): void {
  const held = new Set<Worker>();
  scope.Worker = class extends scope.Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      held.add(this);
    }

    override terminate(): void {
      held.delete(this);
      super.terminate();
    }
  };
}
