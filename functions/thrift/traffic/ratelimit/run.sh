# `run.sh <service> <folder>`: the rate-limit service, and a store for it that forgets when it ends. Both end with this shell.
setpriv --pdeathsig KILL redis-server --port 6400 --bind 127.0.0.1 --save '' --appendonly no >&2 &
store=$!
export RUNTIME_ROOT="$2" RUNTIME_SUBDIRECTORY=. RUNTIME_WATCH_ROOT=false USE_STATSD=false
export REDIS_SOCKET_TYPE=tcp REDIS_URL=127.0.0.1:6400
until redis-cli -p 6400 ping >&2; do kill -0 $store || exit 1; sleep 0.1; done
setpriv --pdeathsig KILL "$1" >&2 &
service=$!
# At once, and not before both are gone: the next one takes their ports.
trap 'kill -KILL $service $store; wait; exit 0' TERM INT
wait $service
