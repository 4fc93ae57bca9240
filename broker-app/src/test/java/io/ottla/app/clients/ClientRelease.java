package io.ottla.app.clients;

import io.ottla.app.ResolvedJars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One release of kafka-clients, whose jars Maven resolves from tools/clients, and which runs a program in a JVM of its own. */
final class ClientRelease {
    private static final Path POM = Path.of("../tools/clients/pom.xml");
    private static final Path PROGRAMS = Path.of("src/test/java/io/ottla/app/clients");
    private static final Path JARS = Path.of("target/clients");

    private final String jars;

    private ClientRelease(String jars) {
        this.jars = jars;
    }

    /** Fetches its jars where they are not there. */
    static ClientRelease of(String version) throws IOException, InterruptedException {
        return new ClientRelease(ResolvedJars.of(POM, JARS.resolve(version), "-Dclients.version=" + version));
    }

    /** The command that compiles a program of this package against this release, and runs it. */
    String[] command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                jars,
                PROGRAMS.resolve(program.getSimpleName() + ".java").toString()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }
}
