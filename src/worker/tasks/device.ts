import { chooseDevice } from '../runtime/device.ts';
import type { Task } from './task.ts';

export const describeDevice: Task<'describeDevice'> = ({ provider }) => chooseDevice(provider);
