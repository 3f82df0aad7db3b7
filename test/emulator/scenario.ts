import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault, Operation } from './faults.ts';
import type { RootImage } from './rootFolders.ts';

/** A world of subscriptions and container groups, as a scenario file writes it. */
export interface Scenario {
  readonly subscriptions: readonly ScenarioSubscription[];
  /** Tenants besides the service principal's own, which has no entry here. */
  readonly tenants?: readonly ScenarioTenant[];
  /** So many further subscriptions, and so many groups spread over them, each of one running container. */
  readonly generate?: { readonly subscriptions: number; readonly groups: number };
  readonly faults?: readonly Fault[];
  /** How many items a list answers at a time; without it, all. */
  readonly pageSize?: number;
  readonly timings?: Timings & {
    /** How long start and restart take, in milliseconds. */
    readonly transitionMs?: number;
  };
}

/** How long the service takes for its answers, in milliseconds. */
export interface Delays {
  /** GET of a container group; 0 without it. */
  readonly getDelayMs?: number;
  /** POST exec, for which the service needs seconds; 50 without it. */
  readonly execDelayMs?: number;
  /** The upgrade of a websocket; 0 without it. */
  readonly socketDelayMs?: number;
  /** What a websocket's messages take on their way, each way; 0 without it. */
  readonly latencyMs?: number;
}

/** What can be changed while the service runs, in milliseconds. */
export interface Timings extends Delays {
  /** How long a running container takes for each further line of its log: 1,000 without it; 0 for no further lines. */
  readonly logLineMs?: number;
}

export interface ScenarioTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** The user names of its members, besides the service principal. */
  readonly members: readonly string[];
}

export interface ScenarioSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  /** One of the scenario's tenants; the service principal's own without it. */
  readonly tenantId?: string;
  /** `Enabled` without it. */
  readonly state?: 'Enabled' | 'Disabled' | 'Warned' | 'PastDue' | 'Deleted';
  /** Listed, but nothing in it may be read. */
  readonly denied?: true;
  readonly groups: readonly ScenarioGroup[];
  /** Its container registries; the login server of each is its name in `azurecr.io`. */
  readonly registries?: readonly { readonly name: string; readonly resourceGroup: string }[];
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
  /** What the caller has no permission for: these are answered AuthorizationFailed. */
  readonly denied?: readonly Operation[];
  readonly containers: readonly ScenarioContainer[];
  readonly initContainers?: readonly ScenarioContainer[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Further properties of the body, as the service writes them: `ipAddress`, `volumes` and the like. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** What concerns the group as a whole; nothing without it. */
  readonly events?: readonly EventBody[];
}

export interface ScenarioContainer {
  readonly name: string;
  readonly image: string;
  /** A file system of the container's own; this machine's without it. */
  readonly root?: RootImage;
  /** The commands that the image has; any program of this machine without it. */
  readonly commands?: readonly string[];
  /** `currentState` as the service writes it; running for an hour without it. */
  readonly currentState?: ContainerStateBody;
  readonly previousState?: ContainerStateBody;
  readonly restartCount?: number;
  /** What has happened to it; its image was pulled and it was started once without it. */
  readonly events?: readonly EventBody[];
  readonly environmentVariables?: readonly { readonly name: string; readonly value?: string }[];
  /** Further properties of its body, as the service writes them: `ports`, `command`, `resources` and the like. */
  readonly properties?: Readonly<Record<string, unknown>>;
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

/** An event as the service writes it. */
export interface EventBody {
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly name: string;
  readonly message: string;
  readonly type: 'Normal' | 'Warning';
}

/** All subscriptions of a scenario, the generated ones too. */
export function subscriptionsOf({ subscriptions, generate }: Scenario): readonly ScenarioSubscription[] {
  const number = (value: number) => String(value).padStart(5, '0');
  const generated = Array.from({ length: generate?.subscriptions ?? 0 }, (_, index) => ({
    subscriptionId: `22222222-0000-4000-8000-${String(index).padStart(12, '0')}`,
    displayName: `Generated ${number(index)}`,
    groups: [] as ScenarioGroup[],
  }));
  for (let index = 0; index < (generate?.groups ?? 0); index++) {
    const name = `group-${number(index)}`;
    generated[index % generated.length]?.groups.push({
      name,
      resourceGroup: `rg-${number(index % 100)}`,
      location: index % 2 === 0 ? 'westeurope' : 'northeurope',
      containers: [{ name, image: 'mcr.microsoft.com/azuredocs/aci-helloworld:latest' }],
    });
  }
  return [...subscriptions, ...generated];
}

const folder = path.join(import.meta.dirname, 'scenarios');

/** The default scenario: a company's two subscriptions. */
export const defaultScenario = path.join(folder, 'default.json');

/**
 * Reads a scenario file, given by its path or by its name in `scenarios/`. One that `extends` another, by a path
 * relative to its own, has that one's fields but for its own; their `timings` are merged.
 * @throws {Error} that names the file when it is not one.
 */
export function readScenario(fileOrName: string): Scenario {
  const named = path.join(folder, `${fileOrName}.json`);
  const file = !existsSync(fileOrName) && existsSync(named) ? named : fileOrName;
  const { extends: base, ...own } = readFields(file);
  const merged =
    typeof base === 'string' ? extend(readScenario(path.join(path.dirname(file), base)), own) : own;
  if (!('subscriptions' in merged) || !Array.isArray(merged.subscriptions)) {
    throw new Error(`${file} is no scenario: it needs a list "subscriptions"`);
  }
  return merged as Scenario; // written by the same people as the tests; its list was checked above
}

/** The fields of a file's object, with the two that {@link readScenario} looks into. */
function readFields(file: string): { readonly extends?: unknown; readonly timings?: object } {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch (cause) {
    throw new Error(`${file} is no scenario: ${String(cause)}`, { cause });
  }
}

function extend(base: Scenario, own: { readonly timings?: object }): object {
  return { ...base, ...own, timings: { ...base.timings, ...own.timings } };
}
