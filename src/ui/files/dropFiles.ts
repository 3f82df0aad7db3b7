import * as vscode from 'vscode';
import { ContainerNode } from '../tree/containerNode.ts';
import type { Node } from '../tree/node.ts';

/** Uploads what is dropped onto the row of a container: from the Explorer, or from the desktop. */
export const dropFiles: vscode.TreeDragAndDropController<Node> = {
  dropMimeTypes: ['text/uri-list'],
  dragMimeTypes: [],
  handleDrop: async (target, dropped) => {
    const list = (await dropped.get('text/uri-list')?.asString()) ?? '';
    const locals = list
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line));
    if (target instanceof ContainerNode && locals.length > 0) {
      await vscode.commands.executeCommand('containerInstances.upload', target, undefined, locals);
    }
  },
};
