import { isRunning, type Container } from '../azure/containerGroups.ts';

/** One run of a container, from its start to its end. */
export interface ContainerRun {
  /** Tells it from the one before and the next. */
  readonly id: string;
  /** Whether it has not ended: the service keeps more of its log then. */
  readonly isRunning: boolean;
  /** Of one that has ended, where Azure tells it. */
  readonly exitCode?: number | undefined;
}

/** The run whose log the service has. Azure leaves the start time of a container out once its client has stopped it. */
export function runOf(container: Container): ContainerRun {
  const { restartCount, current, previous } = container;
  const start = current?.startTime ?? previous?.startTime;
  return {
    id: `${restartCount} ${start?.getTime()}`,
    isRunning: isRunning(container),
    exitCode: current?.exitCode,
  };
}
