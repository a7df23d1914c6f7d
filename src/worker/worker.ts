/** The entry of every worker: one for each resident model, and the manager, which holds none. */
import { serve } from './dispatcher.ts';
import { tasks } from './tasks/index.ts';

serve(self, tasks);
