import type { CompletedCommand } from './completion-tree.ts';
import { shellData } from './shell-data.ts';

/** A script for zsh, to be sourced or to lie as `_runnel` on `fpath`. */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  return `#compdef runnel
# zsh completion of runnel: source <(runnel completion zsh), or as a file _runnel in a folder of fpath

${shellData(tree)}

_runnel_offer() {
  local offer
  local -a names
  for offer in "$@"; do
    case "$offer" in
    '='*) compadd -- "\${offer#=}" ;;
    files) _files ;;
    folders) _files -/ ;;
    *)
      names=("\${(@f)$("\${words[1]}" __complete "$offer" "\${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
      compadd -- "\${(@)names:#}" ;;
    esac
  done
}

# $1: lines of word, tab, description; the rest: how _describe is to show them
_runnel_describe() {
  local line
  local -a rows
  for line in "\${(@f)1}"; do
    [[ -n "$line" ]] && rows+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe "\${@[2,-1]}" rows
}

_runnel() {
  local word where='' option='' position=1 i commands options arguments variadic offers
  local -a places
  _runnel_command ''
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if [[ -n "$option" ]]; then
      option=''
    elif [[ "$word" == -*=* ]]; then
      :
    elif [[ "$word" == -?* ]]; then
      _runnel_value "$where" "$word" && option="$word"
    elif _runnel_command "\${where:+$where }$word"; then
      where="\${where:+$where }$word"
    else
      _runnel_command "$where"
      position=$((position + 1))
    fi
  done
  word="\${words[CURRENT]}"
  if [[ -n "$option" ]]; then
    _runnel_value "$where" "$option" && _runnel_offer \${=offers}
  elif [[ "$word" == --*=* ]]; then
    compset -P '*='
    _runnel_value "$where" "\${word%%=*}" && _runnel_offer \${=offers}
  elif [[ "$word" == -* ]]; then
    _runnel_describe "$options" -o option
  elif [[ -n "$commands" ]]; then
    _runnel_describe "$commands" command
  else
    places=("\${(@f)arguments}")
    if [[ $position -le \${#places} ]]; then
      offers="\${places[position]}"
    elif [[ -n "$variadic" ]]; then
      offers="\${places[-1]}"
    fi
    _runnel_offer \${=offers}
  fi
}

if [[ "\${funcstack[1]}" == _runnel ]]; then _runnel; else compdef _runnel runnel; fi
`;
}
