# bash completion of awl. Options and commands are read out of `awl --help`, so they are those of the installed version.

_awl() {
  local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} help=(--help) values
  [[ ${COMP_WORDS[1]} != @(status|doctor|models|emulator) ]] || help=("${COMP_WORDS[1]}" --help)
  [[ ${COMP_WORDS[1]} != auth ]] || help=(auth "${COMP_WORDS[2]}" --help)
  COMPREPLY=()
  if [[ $word == -* ]]; then
    values=$("$program" "${help[@]}" 2>/dev/null | grep -oE '(^ +|,)--?[A-Za-z][A-Za-z-]*' | tr -d ' ,')
  elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --@(in|out)put-format ]]; then
    values='text json stream-json'
  elif ((COMP_CWORD == 2)) && [[ ${COMP_WORDS[1]} == auth ]]; then
    values='status login refresh token'
  elif ((COMP_CWORD == 1)); then
    # Wrapped text stands further in than a command.
    values="$("$program" --help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' | uniq)"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
}

# What is neither an option nor a command is completed as a file's name.
complete -o default -F _awl awl
