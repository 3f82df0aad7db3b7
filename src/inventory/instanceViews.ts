import type { ContainerGroup } from '../azure/containerGroups.ts';
import { AzureError, toAzureError, type Failure } from '../azure/errors.ts';
import { isSameId, ResourceIdMap, subscriptionOf } from '../azure/resourceIds.ts';
import { cancellation, isCancellation, onAbort } from '../base/cancellation.ts';
import { clock, timerMs, type Clock } from '../base/clock.ts';
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

/** A pause that is longer is told for every group of the subscription, in milliseconds. */
const silentPauseMs = 30_000;

/** The longest sleep of the timer, in milliseconds: not every timer counts the time that the computer is asleep. */
const longestSleepMs = 30_000;

/** What is known of one group. Times are those of the clock. */
interface View {
  readonly id: string;
  group: ContainerGroup | undefined;
  failure: Failure | undefined;
  /** When it was last answered; undefined where that is too long ago whenever it was. */
  answeredAt: number | undefined;
  /** When it is to be asked for, while it is shown. */
  dueAt: number | undefined;
  polls: number;
  request: AbortController | undefined;
  /** Whether its group is no longer there: it goes once nobody looks at it. */
  isGone: boolean;
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
  private readonly clock: Clock;
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

  constructor(fetch: (id: string, signal: AbortSignal) => Promise<ContainerGroup>, now: Clock = clock) {
    this.fetch = fetch;
    this.clock = now;
  }

  /** The groups that are in view now, most needed first. What went out of view is asked for no longer. */
  show(ids: readonly string[]): void {
    const before = this.shown;
    this.shown = new Set(ids.map((id) => this.view(id)));
    for (const view of before) {
      if (!this.shown.has(view)) {
        view.dueAt = undefined;
        this.cancelUnwanted(view);
        this.dropGone(view);
      }
    }
    for (const view of this.shown) {
      if (!before.has(view)) {
        view.polls = 0;
        view.dueAt = this.isFresh(view) ? this.nextPoll(view) : this.clock();
      }
    }
    this.pump();
  }

  /**
   * What is in view is asked for again, and a throttled subscription is not left alone any longer; the rest is asked for
   * when it comes into view. What is known stays until then.
   */
  refresh(concerned: (id: string) => boolean = () => true): void {
    for (const view of this.views.values().filter(({ id }) => concerned(id))) {
      view.answeredAt = undefined;
      view.polls = 0;
      view.dueAt = this.shown.has(view) ? this.clock() : undefined;
      this.pausedUntil.delete(subscriptionOf(view.id));
    }
    this.pump();
  }

  /** Forgets everything and ends every request. */
  reset(): void {
    const views = this.views.values();
    const changed = cancellation('The account has changed');
    this.current.abort(changed);
    this.current = new AbortController();
    this.shown = new Set();
    this.asked.length = 0;
    this.views.clear();
    this.pausedUntil.clear();
    clearTimeout(this.timer);
    for (const { request, waiters } of views) {
      request?.abort();
      for (const { reject } of waiters) {
        reject(changed);
      }
    }
  }

  /** Keeps nothing of a group that is no longer there, unless someone looks at it. */
  forget(id: string): void {
    const view = this.views.get(id);
    if (view !== undefined) {
      view.isGone = true;
      this.dropGone(view);
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
    if (view.group !== undefined && view.failure === undefined && this.isFresh(view)) {
      return Promise.resolve(view.group);
    }
    const pauseMs = this.pauseMs(id);
    if (pauseMs > 0) {
      return Promise.reject(
        new AzureError({ kind: 'throttled', retryAfterSeconds: Math.ceil(pauseMs / 1000) }),
      );
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

  /**
   * A group with its instance view as it is now, in front of all others.
   * @throws {DOMException} AbortError where the account has changed meanwhile.
   */
  async fresh(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    const { signal: current } = this.current;
    const group = await this.fetch(id, signal);
    current.throwIfAborted();
    this.answered(this.view(id), group);
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
      answeredAt: undefined,
      dueAt: undefined,
      polls: 0,
      request: undefined,
      isGone: false,
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
      this.timer = setTimeout(() => this.pump(), timerMs(Math.min(next - this.clock(), longestSleepMs)));
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
    return at !== undefined && at <= this.clock();
  }

  private dueAt(view: View): number | undefined {
    return view.dueAt === undefined
      ? undefined
      : Math.max(view.dueAt, this.pausedUntil.get(subscriptionOf(view.id)) ?? view.dueAt);
  }

  /** How long the subscription of a group is still left alone, in milliseconds. */
  private pauseMs(id: string): number {
    const until = this.pausedUntil.get(subscriptionOf(id));
    return until === undefined ? 0 : Math.max(0, until - this.clock());
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
      this.dropGone(view);
      this.pump();
    }
  }

  private answered(view: View, group: ContainerGroup): void {
    view.group = group;
    view.failure = undefined;
    view.isGone = false;
    view.answeredAt = this.clock();
    view.dueAt = this.shown.has(view) ? this.nextPoll(view) : undefined;
    view.polls++;
    for (const { resolve } of view.waiters) {
      resolve(group);
    }
    view.waiters.clear();
    this.changed.fire(view.id);
  }

  private failed(view: View, error: AzureError): void {
    const failure = { problem: error.problem, at: Date.now() };
    for (const { reject } of view.waiters) {
      reject(error);
    }
    view.waiters.clear();
    this.tell(view, failure);
    if (failure.problem.kind === 'throttled') {
      this.pause(view, failure, failure.problem.retryAfterSeconds);
    } else {
      view.answeredAt = this.clock();
    }
  }

  /** Leaves the view's subscription alone. Where that is for long, each of its groups that waits says so. */
  private pause(view: View, failure: Failure, seconds: number | undefined): void {
    const pauseMs = seconds === undefined ? throttlePauseMs : seconds * 1000;
    const subscriptionId = subscriptionOf(view.id);
    this.pausedUntil.set(subscriptionId, this.clock() + pauseMs);
    if (this.shown.has(view)) {
      view.dueAt = this.clock();
    }
    if (pauseMs > silentPauseMs) {
      for (const other of this.shown) {
        if (other.dueAt !== undefined && isSameId(subscriptionOf(other.id), subscriptionId)) {
          this.tell(other, failure);
        }
      }
    }
  }

  private tell(view: View, failure: Failure): void {
    view.failure = failure;
    this.changed.fire(view.id);
  }

  private dropGone(view: View): void {
    const isWanted = this.shown.has(view) || view.waiters.size > 0 || view.request !== undefined;
    if (view.isGone && !isWanted && this.views.get(view.id) === view) {
      this.views.delete(view.id);
    }
  }

  private cancelUnwanted(view: View): void {
    if (view.waiters.size === 0 && !this.shown.has(view)) {
      view.request?.abort();
      view.request = undefined;
    }
  }

  private isFresh({ answeredAt }: View): boolean {
    return answeredAt !== undefined && this.clock() - answeredAt < freshMs;
  }

  /** When a group in transition is to be looked at again; undefined for one that has settled. */
  private nextPoll({ group, polls }: View): number | undefined {
    return group !== undefined && isInTransition(group)
      ? this.clock() + Math.min(firstPollMs * pollGrowth ** polls, longestPollMs)
      : undefined;
  }
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
export function isInTransition({ provisioningState, state }: ContainerGroup): boolean {
  return transitions.includes(provisioningState ?? '') || state === 'Pending';
}
