/** Why a container has no remote shell. */
export type UnavailableReason =
  /** Windows containers have no POSIX shell. */
  | 'windows'
  /** The image has no `/bin/sh`. */
  | 'noShell'
  /** The image has no `stty`, without which a terminal changes what passes through it. */
  | 'noStty'
  /** What was started never said anything that makes sense. */
  | 'noAnswer';

/** A container cannot have a remote shell. */
export class RemoteShellUnavailable extends Error {
  override readonly name = 'RemoteShellUnavailable';
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(
      {
        windows: 'a Windows container has no POSIX shell',
        noShell: 'the image has no /bin/sh',
        noStty: 'the image has no stty',
        noAnswer: 'the shell of the container does not answer',
      }[reason],
    );
    this.reason = reason;
  }
}

/** How a remote shell was lost while somebody waited for it. */
export type LossReason =
  /** Its session ended. */
  | 'ended'
  /** Its session is open, but nothing that checks came in time. */
  | 'silent'
  /** An answer is longer than any that is taken in. */
  | 'tooLong';

/** A remote shell is gone; whether the request was run is not known. */
export class RemoteShellLost extends Error {
  override readonly name = 'RemoteShellLost';
  readonly reason: LossReason;

  constructor(reason: LossReason) {
    super(
      {
        ended: 'the hidden session has ended',
        silent: 'the hidden session gave no answer',
        tooLong: 'the hidden session gave too long an answer',
      }[reason],
    );
    this.reason = reason;
  }
}

/** Output was lost or changed on its way: what came is not what the command has printed. */
export class OutputDamaged extends Error {
  override readonly name = 'OutputDamaged';

  constructor() {
    super('output was lost or changed on its way');
  }
}
