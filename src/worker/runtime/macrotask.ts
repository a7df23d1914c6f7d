/**
 * Resolves in a task of its own. A worker that only awaits promises lets no message in until it is done; after this hop
 * the messages that came meanwhile (an abort) have been handled. A timer would do the same but waits 4 ms once nested.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
