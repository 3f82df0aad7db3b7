import type { FloodName } from './workbench/floods.ts';

const everyFlood: readonly FloodName[] = ['short lines', 'wide lines', 'coloured output'];
const oneFlood: readonly FloodName[] = ['short lines'];

/** How much a run measures: `full` for stable medians, `quick` to prove that every row prints. */
export const sizes = {
  full: {
    activationRounds: 15,
    exec: { promptRounds: 25, keyRounds: 20, keysPerRound: 50, floodRounds: 7, floodBytes: 200_000_000 },
    azureCli: { promptRounds: 3, keys: 200 },
    inventoryRounds: 6,
    groups: 10_000,
    workbench: {
      outputBytes: 100_000_000,
      outputRounds: 3,
      memoryBytes: 200_000_000,
      interruptRounds: 3,
      ungatedInterruptRounds: 1,
      floodMs: 5_000,
      floods: everyFlood,
    },
  },
  quick: {
    activationRounds: 3,
    exec: { promptRounds: 3, keyRounds: 1, keysPerRound: 20, floodRounds: 1, floodBytes: 20_000_000 },
    azureCli: { promptRounds: 1, keys: 10 },
    inventoryRounds: 2,
    groups: 10_000,
    workbench: {
      outputBytes: 2_000_000,
      outputRounds: 1,
      memoryBytes: 2_000_000,
      interruptRounds: 1,
      ungatedInterruptRounds: 1,
      floodMs: 500,
      floods: oneFlood,
    },
  },
} as const;
