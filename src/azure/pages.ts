import { AzureError } from './errors.ts';

/** Far more pages and items than any list has. */
const mostPages = 1_000;
const mostItems = 100_000;

/** The most rows of one page of Resource Graph, and the most subscriptions of one query. */
export const resourceGraphLimit = 1_000;

/** Guards against a list that has no end: every page has to begin somewhere else, and there are only so many. */
export class PageGuard {
  private readonly seen = new Set<string>();
  private items = 0;

  /**
   * Before the page that begins at `token`, after one of so many items.
   * @throws {AzureError} when the list does not seem to end.
   */
  next(token: string, items: number): void {
    this.items += items;
    if (this.seen.has(token) || this.seen.size >= mostPages || this.items > mostItems) {
      throw new AzureError({ kind: 'endlessList' });
    }
    this.seen.add(token);
  }
}

/** What the SDK's lists have in common. */
interface PagedList<T> {
  byPage(): AsyncIterable<readonly T[] & { readonly continuationToken?: string }>;
}

/** All items of a list of the SDK. @throws {AzureError} when it does not seem to end. */
export async function allItems<T>(list: PagedList<T>): Promise<readonly T[]> {
  const guard = new PageGuard();
  const items: T[] = [];
  for await (const page of list.byPage()) {
    items.push(...page);
    if (page.continuationToken !== undefined) {
      guard.next(page.continuationToken, page.length);
    }
  }
  return items;
}
