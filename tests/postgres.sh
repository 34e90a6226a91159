# A PostgreSQL cluster of its own for one run, to be sourced. Needs $work, a folder that is removed afterwards.
# shellcheck shell=bash

postgres_pid=

has() {
  command -v "$1" >/dev/null 2>&1
}

# The folder with initdb and postgres: in PATH, or where Debian puts the newest version.
postgres_folder() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [[ -x "$folder/initdb" && -x "$folder/postgres" ]]; then
      echo "$folder"
      return
    fi
  done
  if has initdb && has postgres; then
    dirname "$(readlink -f "$(command -v initdb)")"
    return
  fi
  return 1
}

# Runs the arguments as an ordinary account: PostgreSQL refuses to run as root.
as_user() {
  if [[ $EUID -eq 0 ]]; then
    exec setpriv --reuid "$postgres_user" --regid "$(id -g "$postgres_user")" --clear-groups -- "$@"
  else
    exec "$@"
  fi
}

# A port on which nothing listens.
free_port() {
  local port attempt
  for attempt in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "No free port was found ($attempt attempts)" >&2
  return 1
}

# Starts the cluster, with the settings in the arguments (name=value): sets postgres_pid and database_url.
start_postgres() {
  local bin folder password port attempt setting settings=()
  bin=$(postgres_folder) || return 1
  for setting in "$@"; do
    settings+=(-c "$setting")
  done
  folder="$work/postgres"
  mkdir "$folder" || return 1
  postgres_user=$(id -un)
  if [[ $EUID -eq 0 ]]; then
    postgres_user=postgres
    id "$postgres_user" >/dev/null 2>&1 || postgres_user=nobody
  fi
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  port=$(free_port) || return 1
  printf '%s\n' "$password" >"$folder/password"
  chmod 700 "$folder"
  chmod 711 "$work"
  [[ $EUID -ne 0 ]] || chown -R "$postgres_user" "$folder"

  if ! (cd "$folder" && as_user "$bin/initdb" --pgdata=data --username=assured --pwfile=password --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$work/initdb.log" 2>&1; then
    cat "$work/initdb.log" >&2
    return 1
  fi
  (
    cd "$folder"
    as_user "$bin/postgres" -D data -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 "${settings[@]}"
  ) >"$work/postgres.log" 2>&1 &
  postgres_pid=$!
  for attempt in $(seq 100); do
    if PGPASSWORD=$password "$bin/psql" --host=127.0.0.1 --port="$port" --username=assured --dbname=postgres \
      --quiet --no-align --tuples-only --command='show server_version' 2>/dev/null; then
      database_url="postgres://assured:$password@127.0.0.1:$port/postgres"
      return
    fi
    kill -0 "$postgres_pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "PostgreSQL did not start within 10 seconds ($attempt attempts):" >&2
  cat "$work/postgres.log" >&2
  return 1
}

stop_postgres() {
  if [[ -n "$postgres_pid" ]]; then
    # SIGINT: close the connections, write nothing more, stop.
    kill -INT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
    postgres_pid=
  fi
}
