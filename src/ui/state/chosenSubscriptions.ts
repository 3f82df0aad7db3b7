import type * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Log } from '../log.ts';
import { Store } from './store.ts';

/** Which subscriptions the user wants to see, for each cloud and its accounts; all until some are chosen. */
export class ChosenSubscriptions {
  private readonly memento: vscode.Memento;
  private readonly log: Log;
  private store: Store<readonly string[] | undefined> | undefined;

  constructor(memento: vscode.Memento, log: Log) {
    this.memento = memento;
    this.log = log;
  }

  /** Turns to the choice made for a client's cloud and accounts. */
  use({ cloud, accounts }: Pick<AzureClient, 'cloud' | 'accounts'>): void {
    const ids = accounts.map(({ id }) => id).toSorted();
    const key = `subscriptions ${cloud.resourceManagerEndpoint} ${ids.join(' ')}`;
    this.store = new Store<readonly string[] | undefined>(this.memento, key, undefined, this.log);
  }

  has(subscriptionId: string): boolean {
    return this.store?.value?.some((id) => isSameId(id, subscriptionId)) ?? true;
  }

  /** Undefined chooses all, also those that come later. */
  choose(subscriptionIds: readonly string[] | undefined): void {
    if (this.store !== undefined) {
      this.store.value = subscriptionIds;
    }
  }
}
