/** The entry of every worker: one for each resident model, and the manager, which holds none. */
import { allowOwnScripts } from '../protocol/allowOwnScripts.ts';
import { serve } from './dispatcher.ts';
import { tasks } from './tasks/index.ts';

// Held as long as this worker lives: the page notices by it that it is gone (client/spawnWorker.ts).
if (self.name !== '') void navigator.locks.request(self.name, () => new Promise(() => undefined));

allowOwnScripts();
serve(self, tasks);
