/** The entry of every worker: one for each resident model, and the manager, which holds none. */
import { allowOwnScripts } from '../protocol/allowOwnScripts.ts';
import { serve } from './dispatcher.ts';
import { tasks } from './tasks/index.ts';

allowOwnScripts();
serve(self, tasks);
