import { plainText } from './plainText.ts';

interface Texts {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** An item of a quick pick whose texts are shown as they are: VS Code would draw the `$(icon)`s in them. */
export function pickItem<T extends Texts>(item: T): T {
  const { label, description, detail } = item;
  return {
    ...item,
    label: plainText(label),
    ...(description === undefined ? {} : { description: plainText(description) }),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
  };
}
