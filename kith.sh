#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The command kith, from a clone: builds what the command needs (no tests, no benchmarks) when there
# is no build yet or its sources have changed, says so on stderr, and runs it.

set -u

# The modules that the command is made of.
modules=(kith kith-examples kith-cli)

main() {
    self=${BASH_SOURCE[0]}
    [ -L "$self" ] && self=$(readlink -f -- "$self")
    case $self in */*) ;; *) self=./$self ;; esac
    root=$(CDPATH='' cd -P -- "${self%/*}" && pwd) || exit 1
    builds=$root/target/kith
    find_jdk
    if ! is_built; then
        mkdir -p "$builds" || exit 1
        exec {lock}>"$builds/lock"
        # Where two start at once, the second waits and finds it done.
        ! command -v flock >/dev/null || flock "$lock"
        is_built || build
        exec {lock}>&-
    fi
    start "$@"
}

say() { printf 'kith: %s\n' "$1" >&2; }

fail() {
    say "$1"
    exit 1
}

# Sets jdk: from JAVA_HOME, the java on the path, or where JDKs are usually put.
find_jdk() {
    local candidate on_path=
    if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
        jdk=$JAVA_HOME
        return
    fi
    if candidate=$(command -v java) && candidate=$(readlink -f -- "$candidate"); then
        on_path=${candidate%/bin/java}
    fi
    for candidate in "$on_path" /usr/lib/jvm/* ~/.sdkman/candidates/java/* ~/.jdks/* \
        /usr/java/* /opt/java/* /opt/jdk*; do
        if [ -n "$candidate" ] && is_jdk "$candidate"; then
            jdk=$candidate
            return
        fi
    done
    fail 'needs JDK 25 or later and found none: install openjdk-25-jdk or Temurin 25, or set JAVA_HOME'
}

# Whether $1 is a JDK of version 25 or later.
is_jdk() {
    [ -x "$1/bin/javac" ] || return 1
    local line version=
    if [ -r "$1/release" ]; then
        while IFS= read -r line; do
            case $line in JAVA_VERSION=*) version=${line#*=} ;; esac
        done <"$1/release"
    fi
    [ -n "$version" ] || version=$("$1/bin/javac" -version 2>&1) || return 1
    version=${version//[!0-9.]/}
    version=${version%%.*}
    [ -n "$version" ] && [ "$version" -ge 25 ]
}

# Whether the last build is newer than all sources; sets run to its folder. A source folder is newer
# when a file in it came or went.
is_built() {
    local name= module sources=("$self" "$root/pom.xml")
    [ -r "$builds/current" ] && read -r name <"$builds/current"
    run=$builds/$name
    [ -n "$name" ] && [ -e "$run/started" ] || return 1
    for module in "${modules[@]}"; do
        sources+=("$root/$module/pom.xml" "$root/$module/src/main")
    done
    [ -z "$(find "${sources[@]}" -newer "$run/started" -print -quit 2>/dev/null)" ]
}

# Builds into a folder of its own, so that a command that still runs keeps its jars.
build() {
    local name=$EPOCHSECONDS.$$ begun=$SECONDS log=$builds/build.log module
    command -v mvn >/dev/null || fail 'needs Maven to build the command: install maven 3.8 or later'
    if [ -e "$builds/current" ]; then
        say 'the sources have changed, building'
    else
        say 'building, this once; Maven may have to fetch its plugins first'
    fi
    run=$builds/$name
    mkdir "$run" && touch "$run/started" || exit 1
    if ! maven "$log"; then
        rm -rf "$run"
        grep -a ERROR "$log" | head -n 20 >&2
        fail "the build failed; all of Maven's output is in $log"
    fi
    for module in "${modules[@]}"; do
        cp "$(newest "$root/$module/target/kith"*-[0-9]*.jar)" "$run/$module.jar" || exit 1
    done
    cp "$(newest "$root"/kith-cli/target/lib/picocli-*.jar)" "$run/picocli.jar" || exit 1
    make_cache
    echo "$name" >"$builds/current.new" && mv "$builds/current.new" "$builds/current" || exit 1
    say "built in $((SECONDS - begun)) s"
    remove_old
}

# Runs Maven, its output in the file $1, and of it a line for each module on stderr.
maven() {
    (
        set -o pipefail
        cd "$root" || exit 1
        IFS=,
        JAVA_HOME=$jdk mvn -B -ntp -Dmaven.test.skip=true -pl "${modules[*]}" package </dev/null 2>&1 |
            tee "$1" |
            sed -un 's/^\[INFO\] Building Kith: \([^0-9]*[^ 0-9]\) *[0-9][^ ]* *\(\[.*\]\)$/kith: building \1 \2/p' >&2
    )
}

newest() {
    local file found=$1
    for file; do
        [ "$file" -nt "$found" ] && found=$file
    done
    printf '%s\n' "$found"
}

# Makes the cache of loaded and linked classes that lets the command start in half the time, and
# tries it: with a cache that it refuses Java starts all the same, but slower than without.
make_cache() {
    local cache=$run/kith.aot
    java_options
    {
        "$jdk/bin/java" -XX:AOTCacheOutput="$cache" "${options[@]}" dev.kith.cli.Main mechanisms &&
            "$jdk/bin/java" -XX:AOTMode=on -XX:AOTCache="$cache" "${options[@]}" dev.kith.cli.Main mechanisms ||
            rm -f "$cache"
    } </dev/null >"$builds/cache.log" 2>&1
    printf '%s\n' "$jdk" >"$run/jdk"
}

# Removes the builds that no process uses.
remove_old() {
    local old
    for old in "$builds"/[0-9]*; do
        [ "$old" = "$run" ] || grep -qsaF "$old/" /proc/[0-9]*/cmdline || rm -rf "$old"
    done
}

# Sets options to what Java is started with, cache or not: small and quick to start.
java_options() {
    local IFS=: jars=("${modules[@]/#/$run/}")
    options=(
        -XX:+UseSerialGC
        -XX:TieredStopAtLevel=1
        --enable-native-access=ALL-UNNAMED
        -Dfile.encoding=UTF-8
        -Dstdout.encoding=UTF-8
        -Dstderr.encoding=UTF-8
        -cp "${jars[*]/%/.jar}:$run/picocli.jar"
    )
}

start() {
    local cached_jdk= cache=()
    java_options
    if [ -e "$run/kith.aot" ] && [ -z "${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${_JAVA_OPTIONS:-}" ]; then
        read -r cached_jdk <"$run/jdk"
        if [ "$cached_jdk" = "$jdk" ] && [ "$jdk/release" -ot "$run/kith.aot" ]; then
            cache=(-XX:AOTCache="$run/kith.aot")
        fi
    fi
    # Java would decode file names by the C locale as ASCII.
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in C | POSIX) export LC_ALL=C.UTF-8 ;; esac
    # What Java has to say of itself goes to stderr. RTMIN+6 is the signal that carries messages:
    # blocked from the start it waits for its reader, instead of ending the process.
    local java=("$jdk/bin/java" "${cache[@]}" -Xlog:disable -Xlog:all=warning,aot*=off,cds*=off:stderr "${options[@]}")
    if env --block-signal=RTMIN+6 true 2>/dev/null; then
        exec env --block-signal=RTMIN+6 "${java[@]}" dev.kith.cli.Main "$@"
    fi
    exec "${java[@]}" dev.kith.cli.Main "$@"
}

# Nothing more where another script only wants the functions.
(return 0 2>/dev/null) || main "$@"
