import { ResourceIdMap } from '../azure/resourceIds.ts';
import type { Usage } from '../azure/resourceManager/metricOperations.ts';
import { isCancellation } from '../base/cancellation.ts';
import { clock, type Clock } from '../base/clock.ts';

/** The age up to which figures are not asked for again, in milliseconds: Azure has new ones every minute. */
export const usageFreshMs = 60_000;

interface Answer {
  readonly at: number;
  readonly usage: Usage | undefined;
}

/** What container groups used in the last hour. Nothing is asked for before somebody wants to see it. */
export class RecentUsage {
  private readonly fetch: (groupId: string, signal: AbortSignal) => Promise<Usage>;
  private readonly clock: Clock;
  private answers = new ResourceIdMap<Answer>();

  constructor(fetch: (groupId: string, signal: AbortSignal) => Promise<Usage>, now: Clock = clock) {
    this.fetch = fetch;
    this.clock = now;
  }

  /**
   * The figures of a group, at most a minute old; undefined where Azure Monitor gave none, which `onFailure` hears of: the
   * group has not only figures to show, and may be all that the user is allowed to see.
   * @throws only when cancelled.
   */
  async of(
    groupId: string,
    signal: AbortSignal,
    onFailure: (error: unknown) => void,
  ): Promise<Usage | undefined> {
    const { answers } = this; // those of another account are others
    const known = answers.get(groupId);
    if (known !== undefined && this.clock() - known.at < usageFreshMs) {
      return known.usage;
    }
    const usage = await this.fetch(groupId, signal).catch((error: unknown) => {
      if (isCancellation(error)) {
        throw error;
      }
      onFailure(error);
      return undefined;
    });
    answers.set(groupId, { at: this.clock(), usage });
    return usage;
  }

  forget(groupId: string): void {
    this.answers.delete(groupId);
  }

  /** Forgets everything: another account or cloud. */
  clear(): void {
    this.answers = new ResourceIdMap();
  }
}
