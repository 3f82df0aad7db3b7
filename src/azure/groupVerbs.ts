import type { ContainerGroup } from './containerGroups.ts';

/** What can be done to a container group as a whole. */
export type GroupVerb = 'start' | 'stop' | 'restart' | 'delete';

/** How far Azure has come with what it is to do: it is asked, wants to be asked later, or has accepted it. */
export type OperationPhase = 'asked' | 'waiting' | 'accepted';

/** Whether a group's state, as far as it is known, lets it be done. */
export function stateAllows(verb: GroupVerb, { state = '' }: Pick<ContainerGroup, 'state'>): boolean {
  switch (verb) {
    case 'start':
      return ['Stopped', 'Succeeded', 'Failed'].includes(state);
    case 'stop':
      return !['Stopped', 'Succeeded'].includes(state);
    case 'restart':
      return !['Stopped', 'Pending'].includes(state);
    case 'delete':
      return true;
  }
}
