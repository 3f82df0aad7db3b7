import type { ContainerEvent } from './containerGroups.ts';

/** What keeps a container from being started, with Azure's own words. */
export interface Obstacle {
  readonly kind:
    | 'imageNotFound'
    | 'imageDenied'
    | 'imagePullsLimited'
    /** The image cannot be pulled, and nothing says which of the reasons it is. */
    | 'imageInaccessible'
    | 'mount'
    | 'quota'
    | 'capacity'
    /** A warning that is not one of these. */
    | 'other';
  readonly detail: string;
}

/** What tells that something of this kind has gone well after all. */
const successes: Readonly<Record<'image' | 'mount' | 'start', RegExp>> = {
  image: /^(Pulled|Started)$/,
  mount: /^(SuccessfulMount|Started$)/,
  start: /^Started$/,
};

/** The newest obstacle among events that has not been overcome since; one that says why comes before one that does not. */
export function obstacleIn(events: readonly ContainerEvent[]): Obstacle | undefined {
  const found = newestFirst(events).flatMap((event) => {
    const obstacle = obstacleOf(event);
    return obstacle === undefined || isOvercome(event, obstacle, events) ? [] : [obstacle];
  });
  return (
    found.find(({ kind }) => kind !== 'other' && kind !== 'imageInaccessible') ??
    found.find(({ kind }) => kind !== 'other') ??
    found[0]
  );
}

/** Events, the newest first; those without a time last. */
export function newestFirst(events: readonly ContainerEvent[]): readonly ContainerEvent[] {
  const timeOf = ({ last, first }: ContainerEvent) => (last ?? first)?.getTime() ?? 0;
  return events.toReversed().toSorted((a, b) => timeOf(b) - timeOf(a));
}

/** What the words of a container's state, such as `ImagePullBackOff: …`, say that keeps it from being started. */
export function obstacleInState(detailStatus: string): Obstacle | undefined {
  return knownObstacle(detailStatus, detailStatus);
}

function obstacleOf({ name, message, type }: ContainerEvent): Obstacle | undefined {
  const detail = message === '' ? name : `${name}: ${message}`;
  // What Kubernetes says of every container that it starts again: the state says it too.
  const isRestart = /^(BackOff|Killing)$/.test(name) && !/pull/i.test(message);
  return (
    knownObstacle(`${name} ${message}`, detail) ??
    (type === 'Warning' && !isRestart ? { kind: 'other', detail } : undefined)
  );
}

function knownObstacle(text: string, detail: string): Obstacle | undefined {
  if (/FailedMount|FailedAttachVolume|mount error|failed to mount/i.test(text)) {
    return { kind: 'mount', detail };
  }
  if (
    /InaccessibleImage|RegistryErrorResponse|ErrImage|ImagePullBackOff|InvalidImageName|failed to pull|back-?off pulling/i.test(
      text,
    )
  ) {
    return { kind: imageProblem(text), detail };
  }
  if (/quota/i.test(text) && /exceed|reached/i.test(text)) {
    return { kind: 'quota', detail };
  }
  if (
    /FailedScheduling|not available in the location|Insufficient(Capacity| cpu| memory)|ResourcesExhausted/i.test(
      text,
    )
  ) {
    return { kind: 'capacity', detail };
  }
  return undefined;
}

/** Registries answer "denied" for an image that they do not have, too: where both are said, neither is known. */
function imageProblem(text: string): Obstacle['kind'] {
  if (/toomanyrequests|too many requests|rate limit/i.test(text)) {
    return 'imagePullsLimited';
  }
  const isDenied = /unauthorized|denied|authentication required|forbidden/i.test(text);
  const isMissing = /not found|manifest unknown|does not exist/i.test(text);
  return isDenied === isMissing ? 'imageInaccessible' : isDenied ? 'imageDenied' : 'imageNotFound';
}

function isOvercome(event: ContainerEvent, { kind }: Obstacle, events: readonly ContainerEvent[]): boolean {
  const success = successes[kind.startsWith('image') ? 'image' : kind === 'mount' ? 'mount' : 'start'];
  const { last } = event;
  return (
    last !== undefined &&
    events.some(({ name, last: then }) => success.test(name) && then !== undefined && then > last)
  );
}
