import type { CompletedCommand } from './completion-tree.ts';
import { shellData } from './shell-data.ts';

/** A script for bash 3.2 and newer; it needs no bash-completion. */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  return `# bash completion of runnel: source <(runnel completion bash)

${shellData(tree)}

_runnel_offer() {
  # $1: what was typed; the rest: offers
  local typed="$1" offer candidate
  shift
  for offer in "$@"; do
    case "$offer" in
    '='*) _runnel_add "$typed" "\${offer#=}" ;;
    files) compopt -o filenames 2>/dev/null; while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$typed") ;;
    folders) compopt -o filenames 2>/dev/null; while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -d -- "$typed") ;;
    *) while IFS= read -r candidate; do _runnel_add "$typed" "$candidate"; done < <("\${words[0]}" __complete "$offer" "\${words[@]:1:\${#words[@]}-2}" 2>/dev/null) ;;
    esac
  done
}

_runnel_add() {
  # What readline took for words of their own (: and = part words) is there already.
  local head="\${1%"\${1##*[:=]}"}" escaped
  [[ "$2" == "$1"* ]] || return 0
  printf -v escaped '%q' "\${2#"$head"}"
  COMPREPLY+=("$escaped")
}

_runnel() {
  local line="\${COMP_LINE:0:COMP_POINT}" words typed word path='' option='' position=0 i
  local commands options arguments variadic offers argument
  read -ra words <<<"$line"
  [[ "$line" == *[[:space:]] ]] && words+=('')
  typed="\${words[\${#words[@]}-1]}"
  COMPREPLY=()
  _runnel_command ''
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word="\${words[i]}"
    if [[ -n "$option" ]]; then
      option=''
    elif [[ "$word" == -*=* ]]; then
      :
    elif [[ "$word" == -?* ]]; then
      _runnel_value "$path" "$word" && option="$word"
    elif _runnel_command "\${path:+$path }$word"; then
      path="\${path:+$path }$word"
    else
      _runnel_command "$path"
      position=$((position + 1))
    fi
  done
  if [[ -n "$option" ]]; then
    _runnel_value "$path" "$option" && _runnel_offer "$typed" $offers
  elif [[ "$typed" == --*=* ]]; then
    _runnel_value "$path" "\${typed%%=*}" && _runnel_offer "\${typed#*=}" $offers
  elif [[ "$typed" == -* ]]; then
    while IFS=$'\\t' read -r word _; do [[ -n "$word" ]] && _runnel_add "$typed" "$word"; done <<<"$options"
  elif [[ -n "$commands" ]]; then
    while IFS=$'\\t' read -r word _; do [[ -n "$word" ]] && _runnel_add "$typed" "$word"; done <<<"$commands"
  else
    i=0
    while IFS= read -r argument; do
      [[ $i -le $position ]] && offers="$argument"
      i=$((i + 1))
    done <<<"$arguments"
    [[ $position -lt $i || -n "$variadic" ]] && _runnel_offer "$typed" $offers
  fi
}

complete -F _runnel runnel
`;
}
