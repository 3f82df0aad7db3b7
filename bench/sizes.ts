import { floods, type FloodName } from './workbench/floods.ts';

const everyFlood = Object.keys(floods) as readonly FloodName[]; // its own names
const ungatedFloods: readonly FloodName[] = [
  'short lines',
  'wide lines',
  'coloured output',
  'cursor movements',
];
const quickFloods: readonly FloodName[] = ['short lines', 'colours without a reset'];

/** How much a run measures: `full` for stable medians, `quick` to prove that every row prints. */
export const sizes = {
  full: {
    activationRounds: 15,
    starts: 3,
    exec: {
      promptRounds: 25,
      farRounds: 3,
      keyRounds: 20,
      keysPerRound: 50,
      floodRounds: 7,
      floodBytes: 200_000_000,
    },
    azureCli: { promptRounds: 3, keys: 200 },
    logs: { followedMs: 50_000 },
    engine: { rounds: 6, lines: 200, outputBytes: 100_000_000, propertyCases: 10_000 },
    ports: { rounds: 5, roundTrips: 200, downBytes: 50_000_000 },
    files: { rounds: 3, bytes: 100_000_000, tarBytes: 20_000_000, stats: 200, folderFiles: 10_000 },
    inventory: { subscriptions: 500, groups: 10_000, rounds: 8, fallbackRounds: 2 },
    workbench: {
      warmUpBytes: 40_000_000,
      outputBytes: 100_000_000,
      outputRounds: 3,
      heldBytes: 200_000_000,
      interruptRounds: 3,
      ungatedInterruptRounds: 1,
      floodMs: 5_000,
      interruptLimitMs: 30_000,
      floods: everyFlood,
      ungatedFloods,
    },
  },
  quick: {
    activationRounds: 3,
    starts: 1,
    exec: {
      promptRounds: 3,
      farRounds: 1,
      keyRounds: 1,
      keysPerRound: 20,
      floodRounds: 1,
      floodBytes: 20_000_000,
    },
    azureCli: { promptRounds: 1, keys: 10 },
    logs: { followedMs: 30_000 },
    engine: { rounds: 2, lines: 20, outputBytes: 5_000_000, propertyCases: 300 },
    ports: { rounds: 2, roundTrips: 20, downBytes: 5_000_000 },
    files: { rounds: 1, bytes: 10_000_000, tarBytes: 1_000_000, stats: 20, folderFiles: 1_000 },
    inventory: { subscriptions: 50, groups: 1_000, rounds: 2, fallbackRounds: 1 },
    workbench: {
      warmUpBytes: 1_000_000,
      outputBytes: 2_000_000,
      outputRounds: 1,
      heldBytes: 25_000_000,
      interruptRounds: 1,
      ungatedInterruptRounds: 1,
      floodMs: 500,
      interruptLimitMs: 5_000,
      floods: quickFloods,
      ungatedFloods: ['short lines'],
    },
  },
} as const;
