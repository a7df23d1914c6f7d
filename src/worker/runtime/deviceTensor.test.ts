import { describe, expect, it } from 'vitest';
import { fakeDevice } from './fixtures/fakeDevice.ts';

describe('a tensor on a device', () => {
  it('is the same memory under other dimensions', () => {
    const device = fakeDevice();
    const flat = device.tensor([6]).reshaped([2, 3]).reshaped([3, 2]);
    expect(flat.dims).toEqual([3, 2]);
    expect(flat.value.dims).toEqual([3, 2]);
    expect(device.alive).toBe(1);
    flat.dispose();
    expect(device.alive).toBe(0);
  });

  it('gathers rows into another one, and stays', async () => {
    const device = fakeDevice();
    const tensor = device.tensor([3, 4]);
    expect((await tensor.gathered(Int32Array.of(2, 0))).dims).toEqual([2, 4]);
    expect(device.alive).toBe(2);
  });
});
