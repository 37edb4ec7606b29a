# Debian packages that are missing, installed where that may be done: sourced by what needs some.

# The packages named, or the one line to type where nobody may install them.
install_packages() {
    [ "$#" -gt 0 ] || return 0
    local root=()
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            printf 'missing: type\n    sudo apt-get install --no-install-recommends %s\n' "$*" >&2
            return 1
        fi
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Whether the system finds a shared library of this name.
has_library() {
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "^[[:space:]]*$1 "
}
