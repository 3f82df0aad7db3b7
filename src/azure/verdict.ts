import {
  isInitContainer,
  type Container,
  type ContainerGroup,
  type ContainerState,
} from './containerGroups.ts';
import { exitOf, type Exit } from './exits.ts';
import { obstacleIn, obstacleInState, newestFirst, type Obstacle } from './obstacles.ts';

/**
 * Why a container or a container group is as it is, decided from all that one GET tells. What Azure does not tell is not
 * guessed.
 */
export type Verdict =
  /** `lastExit` is how it ended before it was started again. */
  | {
      readonly kind: 'running';
      readonly since: Date | undefined;
      readonly restarts: number;
      readonly lastExit: Exit | undefined;
    }
  /** Somebody asked Azure to stop it. */
  | { readonly kind: 'stopped' }
  /** `restartPolicy` is what decides whether it is started again. */
  | {
      readonly kind: 'ended';
      readonly exit: Exit;
      readonly restartPolicy: string | undefined;
      readonly isRestarted: boolean;
    }
  /** It has ended and waits to be started again; `backsOff` where that happens again and again. */
  | {
      readonly kind: 'restarting';
      readonly exit: Exit | undefined;
      readonly restarts: number;
      readonly backsOff: boolean;
    }
  | { readonly kind: 'notStarted'; readonly obstacle: Obstacle }
  /** Azure gave up, and says no more. */
  | { readonly kind: 'provisioningFailed' }
  | { readonly kind: 'waitsForInit'; readonly container: Container; readonly verdict: Verdict }
  | { readonly kind: 'starting'; readonly isPulling: boolean }
  /** The group is being changed or moved; `state` is its provisioning state. */
  | { readonly kind: 'changing'; readonly state: string }
  /** What one container has makes the whole group what it is. */
  | { readonly kind: 'ofContainer'; readonly container: Container; readonly verdict: Verdict }
  | { readonly kind: 'unknown'; readonly state: string | undefined; readonly detail: string };

/** A container of a group, or the group itself where `container` is undefined. */
export interface Judged {
  readonly group: ContainerGroup;
  readonly container: Container | undefined;
}

/** The verdict on a container or a whole group. */
export function verdictOn({ group, container }: Judged): Verdict {
  return container === undefined ? groupVerdict(group) : containerVerdict(group, container);
}

/** The container whose log may say more than a verdict does; undefined where there is none. Init containers have no log. */
export function containerWithLog(judged: Judged): Container | undefined {
  const verdict = verdictOn(judged);
  const [container, own] =
    verdict.kind === 'ofContainer' ? [verdict.container, verdict.verdict] : [judged.container, verdict];
  const hasFailed = own.kind === 'restarting' || (own.kind === 'ended' && own.exit.reason !== 'success');
  return container === undefined || isInitContainer(container.id) || !hasFailed ? undefined : container;
}

/** The verdict on a container or init container of a group. */
export function containerVerdict(group: ContainerGroup, container: Container): Verdict {
  const { current } = container;
  switch (current?.state) {
    case 'Running':
      return {
        kind: 'running',
        since: current.startTime,
        restarts: container.restartCount,
        lastExit: lastExit(group, container),
      };
    case 'Terminated':
      return terminatedVerdict(group, container, current);
    case 'Waiting':
    case undefined:
      return waitingVerdict(group, container);
    default:
      return { kind: 'unknown', state: current?.state, detail: current?.detailStatus ?? '' };
  }
}

/** The verdict on a container group: where one of its containers is to blame, that one's. */
export function groupVerdict(group: ContainerGroup): Verdict {
  const { state, provisioningState, containers, initContainers } = group;
  if (provisioningState === 'Deleting') {
    return { kind: 'changing', state: provisioningState };
  }
  if (state === 'Stopped') {
    return { kind: 'stopped' };
  }
  const all = [...initContainers, ...containers].map((container) => ({
    container,
    verdict: containerVerdict(group, container),
  }));
  if (all.every(({ verdict }) => verdict.kind !== 'running')) {
    const obstacle = obstacleIn(group.events);
    if (obstacle !== undefined) {
      return { kind: 'notStarted', obstacle };
    }
  }
  const [worst] = all
    .filter(({ verdict }) => rank(verdict) > 0)
    .toSorted((a, b) => rank(b.verdict) - rank(a.verdict));
  if (worst !== undefined) {
    return worst.verdict.kind === 'provisioningFailed' ? worst.verdict : { kind: 'ofContainer', ...worst };
  }
  if (isChanging(provisioningState)) {
    return { kind: 'changing', state: provisioningState };
  }
  const verdicts = all.slice(initContainers.length).map(({ verdict }) => verdict);
  return (
    allRunning(verdicts) ??
    verdicts.find(({ kind }) => kind !== 'ended' && kind !== 'unknown') ??
    verdicts.find(({ kind }) => kind === 'ended') ?? {
      kind: 'unknown',
      state: state ?? provisioningState,
      detail: '',
    }
  );
}

/** A container that has ended: its restart policy says whether it comes back. */
function terminatedVerdict(group: ContainerGroup, container: Container, state: ContainerState): Verdict {
  if (isStopped(state) || (group.state === 'Stopped' && state.exitCode === undefined)) {
    return { kind: 'stopped' };
  }
  const exit = exitOf(state, container.events, group.osType);
  const { restartPolicy } = group;
  const isDone = exit.reason === 'success' && (restartPolicy !== 'Always' || isInitContainer(container.id));
  const isOver = group.state === 'Stopped' || group.state === 'Succeeded' || group.state === 'Failed';
  return {
    kind: 'ended',
    exit,
    restartPolicy,
    isRestarted: !isDone && !isOver && (restartPolicy === 'Always' || restartPolicy === 'OnFailure'),
  };
}

/** A container that is not started yet, or not started again. */
function waitingVerdict(group: ContainerGroup, container: Container): Verdict {
  const { current, restartCount, events } = container;
  const detail = current?.detailStatus ?? '';
  if (group.state === 'Stopped') {
    return { kind: 'stopped' };
  }
  const exit = lastExit(group, container);
  if (/CrashLoopBackOff|back-?off restarting/i.test(detail)) {
    return { kind: 'restarting', exit, restarts: restartCount, backsOff: true };
  }
  const reported = obstacleIn([...events, ...group.events]);
  const obstacle = reported?.kind === 'other' ? undefined : (reported ?? obstacleInState(detail));
  if (obstacle !== undefined) {
    return { kind: 'notStarted', obstacle };
  }
  if (exit !== undefined && restartCount > 0) {
    return { kind: 'restarting', exit, restarts: restartCount, backsOff: false };
  }
  const init = unfinishedInit(group, container);
  if (init !== undefined) {
    return { kind: 'waitsForInit', container: init, verdict: containerVerdict(group, init) };
  }
  if (reported !== undefined) {
    return { kind: 'notStarted', obstacle: reported };
  }
  return detail === '' || /^(ContainerCreating|PodInitializing)\b/.test(detail)
    ? startingVerdict(group, container)
    : { kind: 'unknown', state: current?.state, detail };
}

/** A container of which nothing tells that anything is wrong with it. */
function startingVerdict({ provisioningState }: ContainerGroup, { current, events }: Container): Verdict {
  if (provisioningState === 'Failed') {
    return { kind: 'provisioningFailed' };
  }
  if (isChanging(provisioningState)) {
    return { kind: 'changing', state: provisioningState };
  }
  return current === undefined && !isBeginning(provisioningState)
    ? { kind: 'unknown', state: undefined, detail: '' }
    : { kind: 'starting', isPulling: newestFirst(events)[0]?.name === 'Pulling' };
}

/** How a container ended before its present state; undefined where it did not, or on request. */
function lastExit({ osType }: ContainerGroup, { previous, events }: Container): Exit | undefined {
  return previous?.state === 'Terminated' && !isStopped(previous)
    ? exitOf(previous, events, osType)
    : undefined;
}

/** Azure's words for a container that somebody has stopped. */
function isStopped({ detailStatus }: ContainerState): boolean {
  return /per client request/i.test(detailStatus);
}

/** Init containers run one after the other, before all others: the first of those before this one that is not done. */
function unfinishedInit({ initContainers }: ContainerGroup, { id }: Container): Container | undefined {
  const own = initContainers.findIndex((init) => init.id === id);
  const before = own < 0 ? initContainers : initContainers.slice(0, own);
  return before.find(({ current }) => current?.state !== 'Terminated' || current.exitCode !== 0);
}

function isChanging(provisioningState: string | undefined): provisioningState is string {
  const changing: readonly (string | undefined)[] = ['Updating', 'Repairing', 'Unhealthy', 'Deleting'];
  return changing.includes(provisioningState);
}

function isBeginning(provisioningState: string | undefined): boolean {
  const beginning: readonly (string | undefined)[] = ['Accepted', 'Pending', 'Creating'];
  return beginning.includes(provisioningState);
}

/** How much a container's verdict matters for its group; 0 where nothing is wrong. */
function rank(verdict: Verdict): number {
  switch (verdict.kind) {
    case 'notStarted':
    case 'provisioningFailed':
      return 3;
    case 'restarting':
      return 2;
    case 'ended':
      return verdict.exit.reason === 'success' ? 0 : 1;
    default:
      return 0;
  }
}

/** The running containers as one, since the first of them. */
function allRunning(verdicts: readonly Verdict[]): Verdict | undefined {
  const running = verdicts.filter((verdict) => verdict.kind === 'running');
  const [since] = running
    .flatMap((verdict) => verdict.since ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime());
  const restarts = running.reduce((sum, verdict) => sum + verdict.restarts, 0);
  return running.length === 0 ? undefined : { kind: 'running', since, restarts, lastExit: undefined };
}
