/** The entry of a lane: a worker with a WASM instance of its own. */
import { openLocalSession } from './local.ts';
import { serveLane } from './serveLane.ts';

serveLane(self, openLocalSession);
