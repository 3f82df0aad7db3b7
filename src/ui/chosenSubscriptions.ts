import * as vscode from 'vscode';
import type { Inventory } from '../azure/inventory.ts';
import type { Subscription } from '../azure/resourceManager.ts';

/** Which subscriptions the user wants to see, remembered for each cloud and its accounts; all until some are chosen. */
export class ChosenSubscriptions {
  private readonly memento: vscode.Memento;
  private key = '';

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  /** Turns to the choice made for a cloud and accounts. */
  use(endpoint: string, accountIds: readonly string[]): void {
    this.key = `subscriptions ${endpoint} ${accountIds.toSorted().join(' ')}`;
  }

  has({ subscriptionId }: Subscription): boolean {
    return this.ids()?.includes(subscriptionId) ?? true;
  }

  /** Asks which, with check marks. Resolves to whether there is a new choice. */
  async ask(inventory: Inventory): Promise<boolean> {
    const items = inventory.allSubscriptions().map(({ subscription, signIn }) => ({
      label: subscription.displayName,
      description: subscription.subscriptionId,
      detail: [signIn.account.label, signIn.tenant?.displayName].filter(Boolean).join(' · '),
      picked: this.has(subscription),
      id: subscription.subscriptionId,
    }));
    const picked = await vscode.window.showQuickPick(
      items.sort((a, b) => a.label.localeCompare(b.label)),
      {
        title: vscode.l10n.t('Select Subscriptions'),
        placeHolder: vscode.l10n.t('Whose container groups to show'),
        canPickMany: true,
        matchOnDescription: true,
        matchOnDetail: true,
      },
    );
    if (picked === undefined) {
      return false;
    }
    // All of them, or none, means all: also those that come later.
    const some = picked.length > 0 && picked.length < items.length;
    await this.memento.update(this.key, some ? picked.map(({ id }) => id) : undefined);
    return true;
  }

  private ids(): readonly string[] | undefined {
    return this.memento.get<readonly string[]>(this.key);
  }
}
