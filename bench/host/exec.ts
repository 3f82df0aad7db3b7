import { forgetRequests, requests, reset, setTimings } from '../../test/support/control.ts';
import type { Operation } from '../../test/emulator/faults.ts';
import type { Delays } from '../../test/emulator/scenario.ts';
import type { Flood } from '../flood.ts';
import { BareClient, type BareTarget } from '../peers/bareClient.ts';
import { BareChild } from './bareChild.ts';
import { Product } from './product.ts';

export interface ExecOptions {
  readonly bare: BareTarget;
  /** The module of the bare client's own process. */
  readonly bareProcess: string;
  readonly promptRounds: number;
  /** How long a service far away takes. */
  readonly far: Required<Omit<Delays, 'latencyMs'>>;
  readonly farRounds: number;
  readonly keyRounds: number;
  readonly keysPerRound: number;
  readonly floodRounds: number;
  readonly floodBytes: number;
  /** The length of the flood's text in UTF-16 units. */
  readonly floodUnits: number;
}

/** Times in milliseconds; `counting` is a bare client in a Node of its own that decodes nothing. */
export interface ExecFigures {
  readonly prompt: Sides<readonly number[]>;
  readonly far: FarFigures;
  readonly echo: Sides<readonly number[]>;
  readonly flood: Sides<readonly Flood[]> & { readonly counting: readonly Flood[] };
  /** How far the memory grew that is held in the midst of a flood, at each tenth of it, in bytes. */
  readonly heldGrowth: readonly number[];
}

/** Exec with a service far away. */
interface FarFigures {
  readonly ours: readonly number[];
  /** The bare client in the extension host, which sends no GET. */
  readonly host: readonly number[];
  /** From the command to the arrival of the POST. */
  readonly posted: readonly number[];
  /** From the command to the answer of each GET. */
  readonly gotten: readonly number[];
}

interface Sides<T> {
  readonly ours: T;
  /** The bare client in the extension host. */
  readonly host: T;
  /** The bare client in a Node of its own. */
  readonly node: T;
}

/** Exec sessions at the Pseudoterminal: what VS Code would be given to draw, and when. */
export async function measureExec(options: ExecOptions): Promise<ExecFigures> {
  const product = new Product(options.bare);
  const child = new BareChild(options.bareProcess, options.bare);
  const host = new BareClient(options.bare);
  try {
    // The first one opens the connection, ours also loads the SDK and asks for a token.
    await product.firstPrompt();
    await child.call({ method: 'firstPrompt', command: '/bin/bash' });
    await host.firstPrompt('/bin/bash');
    return {
      prompt: await measurePrompts(product, child, host, options),
      far: await measureFar(product, host, options),
      echo: await measureEchoes(product, child, host, options),
      flood: await measureFloods(product, child, host, options),
      heldGrowth: await product.heldGrowth(options.floodBytes, options.floodUnits),
    };
  } finally {
    host.close();
    child.close();
  }
}

async function measurePrompts(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const ours: number[] = [];
  const host: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < options.promptRounds; round++) {
    ours.push(await product.firstPrompt());
    host.push(await bare.firstPrompt('/bin/bash'));
    node.push(await child.call<number>({ method: 'firstPrompt', command: '/bin/bash' }));
  }
  return { ours, host, node };
}

async function measureFar(product: Product, bare: BareClient, options: ExecOptions): Promise<FarFigures> {
  const ours: number[] = [];
  const host: number[] = [];
  const posted: number[] = [];
  const gotten: number[] = [];
  await setTimings(options.far);
  for (let round = 0; round < options.farRounds; round++) {
    await forgetRequests();
    const startedAt = Date.now();
    ours.push(await product.firstPrompt());
    const recorded = await requests();
    const arrivals = (operation: Operation) =>
      recorded.filter((request) => request.operation === operation).map(({ at }) => at - startedAt);
    posted.push(Math.min(...arrivals('exec')));
    gotten.push(...arrivals('get').map((at) => at + options.far.getDelayMs));
    host.push(await bare.firstPromptWithoutGet('/bin/bash'));
  }
  await reset();
  return { ours, host, posted, gotten };
}

async function measureEchoes(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const count = options.keysPerRound;
  const ours: number[] = [];
  const host: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < options.keyRounds; round++) {
    ours.push(...(await product.echoes(count)));
    host.push(...(await bare.echoes(count)));
    node.push(...(await child.call<number[]>({ method: 'echoes', count })));
  }
  return { ours, host, node };
}

async function measureFloods(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const size = options.floodBytes;
  const ours: Flood[] = [];
  const host: Flood[] = [];
  const node: Flood[] = [];
  const counting: Flood[] = [];
  // The first flood makes V8's young generation as large as VS Code lets it be, whoever takes it in.
  await product.firehose(size, options.floodUnits);
  await bare.firehose(size, true);
  for (let round = 0; round < options.floodRounds; round++) {
    ours.push(await product.firehose(size, options.floodUnits));
    host.push(await bare.firehose(size, true));
    node.push(await child.call<Flood>({ method: 'firehose', size, decodes: true }));
    counting.push(await child.call<Flood>({ method: 'firehose', size, decodes: false }));
  }
  return { ours, host, node, counting };
}
