/**
 * Shell integration by VS Code's OSC 633: the shell marks its prompts (A, B), commands (E, C), their exit codes (D) and
 * its folder (P). An interactive bash has it from an init file that is in no file system: a first bash holds it in a
 * pipe and becomes the shell, which reads it, closes it and goes on with the user's own `~/.bashrc`.
 *
 * The service splits a command at spaces and knows no quoting, so the scripts are words that bash puts together again.
 * They do without `%`, `+`, `&` and `#`, which may mean something else on the way to the container.
 *
 * zsh has none: it reads start-up files only from a folder, by their names, so that a file would have to be stored.
 */

/** bash by name, without arguments: a login shell would read no init file of ours. */
const plainBash = /^(?:\/[\w./-]*\/)?bash$/;

/** What the start writes first: a session that ends without it never came as far as the shell. */
export const startMark = '\x1b]633;P;IsWindows=False\x07';

/** Ends a command of which nobody knows how it ended. */
export const commandEndMark = '\x1b]633;D\x07';

/**
 * The command line that starts a shell with integration; undefined for one that can have none. `nonce` proves that a
 * command line in the output is the shell's own; it is of letters, digits and hyphens.
 */
export function withShellIntegration(line: string, nonce: string): string | undefined {
  if (!plainBash.test(line)) {
    return undefined;
  }
  const start = loader('0').length + 1;
  const text = [...loader(`${start}`), ...initFile(nonce)];
  return [line, '--posix', '-c', `eval\${IFS}"\${*:1:${start - 1}}"`, line, ...text].join(' ');
}

/**
 * Puts the init file, which is the words from the one numbered `start` on, into a pipe and becomes the shell. It runs in
 * POSIX mode, in which bash reads no `BASH_ENV`; the shell does not.
 */
function loader(start: string): readonly string[] {
  return words(script`
    builtin echo -nE $'\e]633;P;IsWindows=False\a';
    { command exec 9<<<"\${*:${start}}"; } 2>/dev/null;
    if test -r /proc/self/fd/9; then exec "$0" --rcfile /proc/self/fd/9; fi;
    eval $'exec 9<\46-';
    exec "$0"`);
}

/**
 * The init file. It is one line, so that no alias of the user's changes it. What it adds writes to the terminal itself,
 * whatever the shell's output goes to, and keeps what the user has in `PROMPT_COMMAND`, `PS1` and `PS0`; none of them
 * is exported. bash before 4.4 has no `PS0` and is left alone.
 */
function initFile(nonce: string): readonly string[] {
  return words(script`
    eval $'exec 9<\46-';
    ${escaping}
    ${beforePromptCommand}
    ${afterPromptCommand}
    ${beforeCommand(nonce)}
    ${installation}
    if [[ -r ~/.bashrc ]]; then . ~/.bashrc; fi;
    { __aci_install "$_"; } 2>/dev/null`);
}

/** Sets its caller's `t` to its argument as a sequence can hold it. */
const escaping = script`
  __aci_escape() {
    t=\${1//"\\"/"\\\\"};
    t=\${t//;/"\\x3b"};
    t=\${t//$'\n'/"\\x0a"};
    t=\${t//$'\t'/"\\x09"};
    t=\${t//[[:cntrl:]]/ };
  };`;

/** The exit code and the folder. The user's own prompt command, which comes next, finds `$?` as it was. */
const beforePromptCommand = script`
  __aci_done() {
    local s=$? t d=;
    case \${__aci_ran-} in
      1) d=$'\e]633;D;'$s$'\a';;
      0) d=$'\e]633;D\a';;
    esac;
    __aci_escape "$PWD";
    builtin echo -nE "$d"$'\e]633;P;Cwd='"$t"$'\a' >/dev/tty;
    if [[ $- != *e* ]]; then return $s; fi;
  };`;

/**
 * Marks the prompt, which the user's own prompt command may have set. Only as it is shown, and before a command, does
 * each bash know the number of the history's newest line.
 */
const afterPromptCommand = script`
  __aci_prompt() {
    local a='\[\e]633;A\a\${PS1:$((__aci_number=HISTCMD)):0}\]' b='\[\e]633;B\a\]';
    local c='\${PS1:$((__aci_ran=1,__aci_number-=HISTCMD)):0}$({ __aci_start; } 2>/dev/null)';
    PS1=\${PS1-}; PS1=\${PS1//"$a"}; PS1=\${PS1//"$b"};
    PS0=\${PS0-}; PS0=\${PS0//"$c"};
    if builtin shopt -q promptvars; then PS1=$a$PS1$b; PS0=$c$PS0; fi;
    builtin export -n PS1 PS0;
    __aci_ran=0;
  };`;

/** The command line, where it is the newest one of the history: else that is another one. Then the output begins. */
function beforeCommand(nonce: string): string {
  return script`
    __aci_start() {
      local t=;
      if ((__aci_number)); then t=$(HISTTIMEFORMAT= builtin history 1); fi;
      if [[ $t =~ ^' '*[0-9]*.' '(.*)$ ]]; then
        __aci_escape "\${BASH_REMATCH[1]}";
        builtin echo -nE $'\e]633;E;'"$t;${nonce}"$'\a';
      fi;
      builtin echo -nE $'\e]633;C\a';
    };`;
}

/** Puts them around the user's own prompt command. A trace (`set -x`) of them shows nowhere. */
const installation = script`
  __aci_install() {
    unset -f __aci_install;
    local a='{ __aci_done; } 2>/dev/null' b='{ __aci_prompt; } 2>/dev/null';
    local version=$((BASH_VERSINFO*100-(-BASH_VERSINFO[1])));
    if ((version>500)); then
      PROMPT_COMMAND=("$a" "\${PROMPT_COMMAND[@]}" "$b");
    elif ((version>403)); then
      PROMPT_COMMAND=$a$'\n'\${PROMPT_COMMAND-}$'\n'$b;
    else
      unset -f __aci_escape __aci_done __aci_prompt __aci_start;
    fi;
  };`;

/** A shell script as it stands, but for the backslash that `${` needs in a template. */
function script({ raw }: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: raw.map((part) => part.replaceAll('\\${', '${')) }, ...values);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
