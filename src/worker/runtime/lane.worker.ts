/** The entry of a lane: a worker with a WASM instance of its own. */
import { allowOwnScripts } from '../../protocol/allowOwnScripts.ts';
import { openLocalSession } from './local.ts';
import { serveLane } from './serveLane.ts';

allowOwnScripts();
serveLane(self, openLocalSession);
