import type { ContainerGroup } from '../azure/containerGroups.ts';
import { AzureError, toAzureError, type Failure } from '../azure/errors.ts';
import { ResourceIdMap, subscriptionOf } from '../azure/resourceIds.ts';
import { cancellation, isCancellation, onAbort } from '../base/cancellation.ts';
import { Emitter } from '../base/emitter.ts';

/** The age up to which an instance view is not asked for again, in milliseconds. */
const freshMs = 10_000;

/** How many instance views are asked for at a time. */
const parallelGets = 4;

/** The first pause before a group in transition is looked at again, in milliseconds. */
const firstPollMs = 2_000;

/** How much longer each pause is than the one before. */
const pollGrowth = 1.5;

/** The longest pause, in milliseconds. */
const longestPollMs = 30_000;

/** The time for which a throttled subscription is left alone when Azure names none, in milliseconds. */
const throttlePauseMs = 60_000;

/** What is known of one group. */
interface View {
  readonly id: string;
  group: ContainerGroup | undefined;
  failure: Failure | undefined;
  /** When it was last answered. */
  at: number;
  /** When it is to be asked for, while it is shown. */
  dueAt: number | undefined;
  polls: number;
  request: AbortController | undefined;
  readonly waiters: Set<Waiter>;
}

interface Waiter {
  readonly resolve: (group: ContainerGroup) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The instance views of container groups: one GET each, a few at a time, for those in view and for those who ask.
 * Groups in transition are watched until they settle, as long as they are in view.
 */
export class InstanceViews {
  private readonly fetch: (id: string, signal: AbortSignal) => Promise<ContainerGroup>;
  private readonly views = new ResourceIdMap<View>();
  /** In order of need. */
  private shown: ReadonlySet<View> = new Set();
  private readonly asked: View[] = [];
  /** By subscription, as Azure throttles them one by one. */
  private readonly pausedUntil = new ResourceIdMap<number>();
  private running = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Ends with the account and cloud: answers of a former one are not kept. */
  private current = new AbortController();
  private readonly changed = new Emitter<string>();

  /** With the id of a group of which something new is known. */
  readonly onDidChange = this.changed.event;

  constructor(fetch: (id: string, signal: AbortSignal) => Promise<ContainerGroup>) {
    this.fetch = fetch;
  }

  /** The groups that are in view now, most needed first. What went out of view is asked for no longer. */
  show(ids: readonly string[]): void {
    const before = this.shown;
    this.shown = new Set(ids.map((id) => this.view(id)));
    for (const view of before) {
      if (!this.shown.has(view)) {
        view.dueAt = undefined;
        this.cancelUnwanted(view);
      }
    }
    for (const view of this.shown) {
      if (!before.has(view)) {
        view.polls = 0;
        view.dueAt = isFresh(view) ? nextPoll(view) : Date.now();
      }
    }
    this.pump();
  }

  /** What is in view is asked for again; the rest when it comes into view. What is known stays until then. */
  refresh(concerned: (id: string) => boolean = () => true): void {
    for (const view of this.views.values()) {
      if (concerned(view.id)) {
        view.at = 0;
        view.polls = 0;
      }
    }
    for (const view of this.shown) {
      if (concerned(view.id)) {
        view.dueAt = Date.now();
      }
    }
    this.pump();
  }

  /** Forgets everything and ends every request. */
  reset(): void {
    const views = this.views.values();
    this.current.abort();
    this.current = new AbortController();
    this.shown = new Set();
    this.asked.length = 0;
    this.views.clear();
    this.pausedUntil.clear();
    clearTimeout(this.timer);
    for (const { request, waiters } of views) {
      request?.abort();
      for (const { reject } of waiters) {
        reject(cancellation('The account has changed'));
      }
    }
  }

  /** The last instance view seen, however old. */
  known(id: string): ContainerGroup | undefined {
    return this.views.get(id)?.group;
  }

  /** Why the last request for a group failed, if it did. */
  failure(id: string): Failure | undefined {
    return this.views.get(id)?.failure;
  }

  /** A group with its instance view, at most seconds old. Whoever waits goes before what is only in view. */
  get(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    const view = this.view(id);
    if (view.group !== undefined && view.failure === undefined && isFresh(view)) {
      return Promise.resolve(view.group);
    }
    const pause = this.pausedUntil.get(subscriptionOf(id)) ?? 0;
    if (pause > Date.now()) {
      const retryAfterSeconds = Math.ceil((pause - Date.now()) / 1000);
      return Promise.reject(new AzureError({ kind: 'throttled', retryAfterSeconds }));
    }
    const answer = Promise.withResolvers<ContainerGroup>();
    const listener = onAbort(signal, () => {
      view.waiters.delete(answer);
      this.cancelUnwanted(view);
      answer.reject(cancellation());
    });
    if (!signal.aborted) {
      view.waiters.add(answer);
      if (view.request === undefined) {
        this.asked.push(view);
      }
      this.pump();
    }
    return answer.promise.finally(() => listener.dispose());
  }

  /** A group with its instance view as it is now, in front of all others. */
  async fresh(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    const { signal: current } = this.current;
    const group = await this.fetch(id, signal);
    if (!current.aborted) {
      this.answered(this.view(id), group);
    }
    return group;
  }

  private view(id: string): View {
    const known = this.views.get(id);
    if (known !== undefined) {
      return known;
    }
    const view: View = {
      id,
      group: undefined,
      failure: undefined,
      at: 0,
      dueAt: undefined,
      polls: 0,
      request: undefined,
      waiters: new Set(),
    };
    this.views.set(id, view);
    return view;
  }

  /** Starts what is due while there is room, and wakes up when the next is. */
  private pump(): void {
    while (this.running < parallelGets) {
      const view = this.nextAsked() ?? [...this.shown].find((item) => this.isDue(item));
      if (view === undefined) {
        break;
      }
      void this.request(view);
    }
    clearTimeout(this.timer);
    const next = Math.min(
      ...[...this.shown].flatMap((view) => (view.request === undefined ? (this.dueAt(view) ?? []) : [])),
    );
    if (Number.isFinite(next) && this.running < parallelGets) {
      this.timer = setTimeout(() => this.pump(), Math.max(0, next - Date.now()));
      this.timer.unref();
    }
  }

  private nextAsked(): View | undefined {
    for (;;) {
      const view = this.asked.shift();
      if (view === undefined || (view.waiters.size > 0 && view.request === undefined)) {
        return view;
      }
    }
  }

  private isDue(view: View): boolean {
    const at = view.request === undefined ? this.dueAt(view) : undefined;
    return at !== undefined && at <= Date.now();
  }

  private dueAt(view: View): number | undefined {
    return view.dueAt === undefined
      ? undefined
      : Math.max(view.dueAt, this.pausedUntil.get(subscriptionOf(view.id)) ?? 0);
  }

  private async request(view: View): Promise<void> {
    const controller = new AbortController();
    view.request = controller;
    view.dueAt = undefined;
    this.running++;
    try {
      const group = await this.fetch(view.id, controller.signal);
      if (!controller.signal.aborted) {
        view.request = undefined;
        this.answered(view, group);
      }
    } catch (error) {
      if (!controller.signal.aborted && !isCancellation(error)) {
        view.request = undefined;
        this.failed(view, toAzureError(error));
      }
    } finally {
      if (view.request === controller) {
        view.request = undefined;
      }
      this.running--;
      this.pump();
    }
  }

  private answered(view: View, group: ContainerGroup): void {
    view.group = group;
    view.failure = undefined;
    view.at = Date.now();
    view.dueAt = this.shown.has(view) ? nextPoll(view) : undefined;
    view.polls++;
    for (const { resolve } of view.waiters) {
      resolve(group);
    }
    view.waiters.clear();
    this.changed.fire(view.id);
  }

  private failed(view: View, error: AzureError): void {
    const { problem } = error;
    view.failure = { problem, at: Date.now() };
    view.at = Date.now();
    if (problem.kind === 'throttled') {
      const pause =
        problem.retryAfterSeconds === undefined ? throttlePauseMs : problem.retryAfterSeconds * 1000;
      this.pausedUntil.set(subscriptionOf(view.id), Date.now() + pause);
      view.dueAt = this.shown.has(view) ? Date.now() + pause : undefined;
    }
    for (const { reject } of view.waiters) {
      reject(error);
    }
    view.waiters.clear();
    this.changed.fire(view.id);
  }

  private cancelUnwanted(view: View): void {
    if (view.waiters.size === 0 && !this.shown.has(view)) {
      view.request?.abort();
      view.request = undefined;
    }
  }
}

function isFresh({ at }: View): boolean {
  return Date.now() - at < freshMs;
}

/** When a group in transition is to be looked at again; undefined for one that has settled. */
function nextPoll({ group, polls }: View): number | undefined {
  return group !== undefined && isInTransition(group)
    ? Date.now() + Math.min(firstPollMs * pollGrowth ** polls, longestPollMs)
    : undefined;
}

const transitions: readonly string[] = [
  'Accepted',
  'Pending',
  'Creating',
  'Updating',
  'Repairing',
  'Deleting',
];

/** Whether Azure is changing the group. A state that nobody knows yet counts as settled. */
function isInTransition({ provisioningState, state }: ContainerGroup): boolean {
  return transitions.includes(provisioningState ?? '') || state === 'Pending';
}
