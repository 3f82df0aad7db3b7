import type { ContainerGroup } from '../azure/containerGroups.ts';
import { AzureError } from '../azure/errors.ts';
import { PassingFailures } from '../azure/passingFailures.ts';
import { ResourceIdMap } from '../azure/resourceIds.ts';
import type { GroupVerb, OperationPhase } from '../azure/groupVerbs.ts';
import { cancellation, onAbort } from '../base/cancellation.ts';
import { clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import { Emitter } from '../base/emitter.ts';
import { isInTransition } from './instanceViews.ts';

/** How an operation reaches Azure, and how the group is looked at while it goes on. */
export interface OperationEnds {
  readonly operate: (
    verb: GroupVerb,
    id: string,
    signal: AbortSignal,
    onPhase?: (phase: OperationPhase) => void,
  ) => Promise<void>;
  readonly look: (id: string, signal: AbortSignal) => Promise<ContainerGroup>;
}

/** The first pause between two looks, in milliseconds. */
const firstPauseMs = 1_000;

/** How much longer each pause is than the one before. */
const pauseGrowth = 1.5;

/** The longest pause, in milliseconds. */
const longestPauseMs = 15_000;

/** The longest wait until the group itself shows what the operation says is done, in milliseconds. */
const longestLookMs = 5 * 60_000;

/** What is being done to container groups by this extension. Each operation is followed to its real end. */
export class Operations {
  private readonly ends: OperationEnds;
  private readonly verbs = new ResourceIdMap<GroupVerb>();
  private readonly changed = new Emitter<string>();
  /** Ends with the account and cloud. */
  private current = new AbortController();

  /** With the id of a group on which an operation begins or ends. */
  readonly onDidChange = this.changed.event;

  constructor(ends: OperationEnds) {
    this.ends = ends;
  }

  /** What is being done to a group; undefined where nothing is. */
  on(id: string): GroupVerb | undefined {
    return this.verbs.get(id);
  }

  /**
   * Does something to a group; resolves when the group shows it. Aborting stops the wait: Azure goes on where it has
   * accepted it, as `onPhase` hears.
   * @throws {AzureError} or an AbortError.
   */
  async run(
    verb: GroupVerb,
    group: ContainerGroup,
    signal: AbortSignal,
    onPhase?: (phase: OperationPhase) => void,
  ): Promise<void> {
    const { id } = group;
    if (this.verbs.has(id)) {
      throw new AzureError({ kind: 'transitioning', detail: `${this.verbs.get(id)} is under way` });
    }
    const controller = new AbortController();
    const listeners = [signal, this.current.signal].map((owner) =>
      onAbort(owner, (reason) => controller.abort(reason)),
    );
    this.verbs.set(id, verb);
    this.changed.fire(id);
    try {
      await this.ends.operate(verb, id, controller.signal, onPhase);
      await this.untilShown(verb, group, controller.signal);
    } finally {
      listeners.forEach((listener) => listener.dispose());
      this.verbs.delete(id);
      this.changed.fire(id);
    }
  }

  /** Stops every wait: another account or cloud. */
  reset(): void {
    this.current.abort(cancellation('The account has changed'));
    this.current = new AbortController();
  }

  dispose(): void {
    this.reset();
    this.changed.dispose();
  }

  /** Looks until the group is as it should be, or has settled as something else, such as a start that fails. */
  private async untilShown(verb: GroupVerb, before: ContainerGroup, signal: AbortSignal): Promise<void> {
    const begun = clock();
    const failures = new PassingFailures();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * pauseGrowth, longestPauseMs)) {
      try {
        if (await this.isShown(verb, before, signal)) {
          return;
        }
        failures.clear();
      } catch (error) {
        pauseMs = Math.max(pauseMs, (failures.forgive(error) ?? 0) * 1000);
      }
      if (clock() - begun > longestLookMs) {
        throw new AzureError({ kind: 'timedOut', seconds: longestLookMs / 1000 });
      }
      await delay(pauseMs, signal);
    }
  }

  private async isShown(verb: GroupVerb, before: ContainerGroup, signal: AbortSignal): Promise<boolean> {
    try {
      const now = await this.ends.look(before.id, signal);
      return verb !== 'delete' && !isInTransition(now) && isDone(verb, before, now);
    } catch (error) {
      if (verb === 'delete' && error instanceof AzureError && error.problem.kind === 'notFound') {
        return true;
      }
      throw error;
    }
  }
}

/** Whether a group that has settled shows what was done; a restart is told by what has changed, as it ends where it began. */
function isDone(verb: GroupVerb, before: ContainerGroup, now: ContainerGroup): boolean {
  switch (verb) {
    case 'start':
      return now.state !== 'Stopped';
    case 'stop':
      return now.state !== 'Running';
    default:
      return now.state !== before.state || startTimes(now) !== startTimes(before);
  }
}

function startTimes({ containers }: ContainerGroup): string {
  return containers.map(({ current }) => current?.startTime?.getTime() ?? current?.state).join();
}
