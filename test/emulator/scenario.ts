import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from './faults.ts';

/** A world of subscriptions and container groups, as a scenario file writes it. */
export interface Scenario {
  readonly subscriptions: readonly ScenarioSubscription[];
  readonly faults?: readonly Fault[];
  /** How many items a list answers at a time; without it, all. */
  readonly pageSize?: number;
  readonly timings?: {
    /** How long POST exec takes, in milliseconds; the service needs seconds. */
    readonly execDelayMs?: number;
    /** How long start and restart take, in milliseconds. */
    readonly transitionMs?: number;
  };
}

export interface ScenarioSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly groups: readonly ScenarioGroup[];
}

export interface ScenarioGroup {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly osType?: 'Linux' | 'Windows';
  readonly sku?: 'Standard' | 'Confidential';
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly provisioningState?: string;
  /** The group's own state; `Running` without it. */
  readonly state?: string;
  readonly containers: readonly ScenarioContainer[];
  readonly initContainers?: readonly ScenarioContainer[];
}

export interface ScenarioContainer {
  readonly name: string;
  readonly image: string;
  /** The commands that the image has; any program of this machine without it. */
  readonly commands?: readonly string[];
  /** `currentState` as the service writes it; running for an hour without it. */
  readonly currentState?: ContainerStateBody;
  readonly previousState?: ContainerStateBody;
  readonly restartCount?: number;
  readonly environmentVariables?: readonly { readonly name: string; readonly value?: string }[];
  /** What the container has logged; a running one adds a line each second. */
  readonly log?: readonly string[];
}

export interface ContainerStateBody {
  readonly state: string;
  readonly startTime?: string;
  readonly finishTime?: string;
  readonly exitCode?: number;
  readonly detailStatus?: string;
}

/** The default scenario: a company's two subscriptions. */
export const defaultScenario = path.join(import.meta.dirname, 'scenarios/default.json');

/**
 * Reads a scenario file.
 * @throws {Error} that names the file when it is not one.
 */
export function readScenario(file: string): Scenario {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('subscriptions' in parsed) ||
    !Array.isArray(parsed.subscriptions)
  ) {
    throw new Error(`${file} is no scenario: it needs a list "subscriptions"`);
  }
  return parsed as Scenario; // written by the same people as the tests; its list was checked above
}
