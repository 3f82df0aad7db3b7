import type * as vscode from 'vscode';

const key = 'shellOfImage';
const limit = 200;

/** Remembers which command worked for an image, so that the next session starts with it. */
export class ShellMemory {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  recall(image: string): string | undefined {
    return this.entries().find(([known]) => known === image)?.[1];
  }

  remember(image: string, command: string): void {
    const others = this.entries().filter(([known]) => known !== image);
    void this.memento.update(key, [[image, command], ...others].slice(0, limit));
  }

  private entries(): readonly (readonly [string, string])[] {
    return this.memento.get<readonly (readonly [string, string])[]>(key, []);
  }
}
