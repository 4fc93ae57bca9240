# Shared by the commands of bin/; sourced, not run. Finds the repository and a JDK 25.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JAVA_NEEDED=25

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The feature version of the JDK in a folder, or 0. Reads the release file: starting java takes a tenth of a second.
java_version_of() {
    local home=$1 line version=0
    if [ -x "$home/bin/java" ]; then
        if [ -r "$home/release" ]; then
            line=$(grep -m1 '^JAVA_VERSION=' "$home/release" || true)
        else
            line=$("$home/bin/java" -version 2>&1 | head -n 1)
        fi
        [[ $line =~ \"([0-9]+) ]] && version=${BASH_REMATCH[1]}
    fi
    echo "$version"
}

# Prints the home of a Java that is new enough. With "jdk" it must have a compiler.
find_java() {
    local want=${1:-jre} home on_path=
    if command -v java >/dev/null 2>&1; then
        on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    fi
    for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
        "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -n "$home" ] && [ -x "$home/bin/java" ] || continue
        [ "$want" != jdk ] || [ -x "$home/bin/javac" ] || continue
        if [ "$(java_version_of "$home")" -ge "$JAVA_NEEDED" ]; then
            echo "$home"
            return
        fi
    done
    die "Ottla needs Java $JAVA_NEEDED${JAVA_HOME:+ (JAVA_HOME=$JAVA_HOME is older or no JDK)}, and none was found in" \
        "JAVA_HOME, PATH, /usr/lib/jvm or SDKMAN. Install one, for example Temurin: 'apt-get install temurin-25-jdk'," \
        "'sdk install java 25-tem' or 'brew install --cask temurin@25', or set JAVA_HOME to it."
}

# Maven on the JDK that compiles Ottla; given as the first argument.
maven_on() {
    local home=$1
    shift
    JAVA_HOME=$home MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
        mvn -B -ntp "$@"
}

need_maven() {
    command -v mvn >/dev/null 2>&1 || die "Building Ottla needs Maven 3.8 or newer: 'apt-get install maven' or 'brew install maven'."
}
