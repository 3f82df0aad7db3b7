/** What is wrong with a file or a folder of a container. */
export type FileProblem =
  | 'notFound'
  | 'exists'
  | 'noPermission'
  | 'isFolder'
  | 'notFolder'
  | 'notEmpty'
  | 'diskFull'
  | 'readOnly'
  /** A name that no file of a container can have. */
  | 'badName'
  /** What cannot be done with all that is in a container. */
  | 'isRoot'
  /** A folder would come into itself, or replace one that it is in. */
  | 'intoItself'
  /** More than is taken in at once. */
  | 'tooLarge'
  /** It was changed while it was read. */
  | 'changed'
  /** The image lacks the program that `detail` names. */
  | 'missingTool'
  /** What `detail` says. */
  | 'other';

/** Something could not be done with a file or a folder of a container. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly problem: FileProblem;
  readonly path: string;
  /** What the container's own tool says, or the name of the tool. */
  readonly detail: string;

  constructor(problem: FileProblem, path: string, detail = '') {
    super(`${problem}${detail === '' ? '' : `: ${detail}`}`);
    this.problem = problem;
    this.path = path;
    this.detail = detail;
  }
}

/** How GNU tools, busybox, dash and musl name what the kernel tells, in the C locale. */
const texts: readonly (readonly [RegExp, FileProblem])[] = [
  [/no such file|nonexistent/i, 'notFound'],
  [/file exists/i, 'exists'],
  [/permission denied|operation not permitted/i, 'noPermission'],
  [/is a directory/i, 'isFolder'],
  [/not a directory/i, 'notFolder'],
  [/directory not empty/i, 'notEmpty'],
  [/no space left|quota exceeded/i, 'diskFull'],
  [/read-only file system/i, 'readOnly'],
  [/name too long/i, 'badName'],
];

/** What a tool's last complaint means; its end is the kernel's reason. */
export function fileError(complaint: string, path: string): FileError {
  const line = complaint.trimEnd().split('\n').at(-1) ?? '';
  const reason = line.slice(line.lastIndexOf(': ') + 1).trim();
  const [, problem] = texts.find(([pattern]) => pattern.test(reason)) ?? [];
  return new FileError(problem ?? 'other', path, line.slice(0, 300));
}
