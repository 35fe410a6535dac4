# bash completion of awl. Options and commands are read out of `awl --help`, so they are those of the installed version.

_awl() {
  local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} first=${COMP_WORDS[1]} commands second values
  commands=$("$program" --help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z-]*\)\( [a-z][a-z-]*\)\? .*/\1\2/p')
  # The second words of a command that has some.
  second=$(sed -n "s/^$first \(..*\)/\1/p" <<<"$commands" 2>/dev/null)
  COMPREPLY=()
  if [[ $word == -* ]]; then
    local help=()
    if ((COMP_CWORD > 1)) && grep -qx -- "$first" <<<"$commands"; then
      help=("$first")
    elif ((COMP_CWORD > 2)) && [[ -n $second ]]; then
      help=("$first" "${COMP_WORDS[2]}")
    fi
    values=$("$program" "${help[@]}" --help 2>/dev/null | grep -oE '(^ +|,)--?[A-Za-z][A-Za-z-]*' | tr -d ' ,')
  elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --@(in|out)put-format ]]; then
    values='text json stream-json'
  elif ((COMP_CWORD == 2)) && [[ -n $second ]]; then
    values=$second
  elif ((COMP_CWORD == 1)); then
    values=$(sed 's/ .*//' <<<"$commands" | uniq)
  fi
  mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
}

# What is neither an option nor a command is completed as a file's name.
complete -o default -F _awl awl
