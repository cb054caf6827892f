# Runs one private PostgreSQL server for the tests and ends it when no test process holds the lease any more.
# Arguments: folder of the programs, folder of the server, idle seconds, settings for the server.
# It ends only the server that it started itself.
bin=$1
dir=$2
limit=$3
shift 3
trap '' HUP INT
# Opened first: without the lease there must be no server.
exec 9<"$dir/lease" || exit 1
echo $$ >"$dir/watchdog"
"$bin/postgres" -D "$dir/data" -k "$dir" "$@" >>"$dir/log" 2>&1 </dev/null 9<&- &
server=$!
idle=0
while kill -0 "$server" 2>/dev/null; do
    sleep 1
    if flock -n -x 9; then
        idle=$((idle + 1))
        if [ "$idle" -ge "$limit" ]; then
            # The lease stays locked until this shell is gone, so nobody comes in while the server goes down.
            kill -INT "$server"
            wait "$server"
            rm -rf -- "$dir"
            exit 0
        fi
        flock -u 9
    else
        idle=0
    fi
done
rm -f "$dir/ready"
