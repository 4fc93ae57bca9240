package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars that a pom of tools/ asks for, as Maven resolves them: they never lie on Ottla's class path. */
public final class ResolvedJars {
    private ResolvedJars() {}

    /**
     * Has them in a folder, and returns that as an entry of a class path; Maven is asked only where they are not there for
     * this very pom.
     */
    public static String of(Path pom, Path folder, String... options) throws IOException, InterruptedException {
        Path jars = folder.toAbsolutePath();
        Path stamp = jars.resolve("pom.xml");
        if (!Files.exists(stamp) || Files.mismatch(stamp, pom) >= 0) {
            List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B", "-ntp", "-f", pom.toString()));
            command.addAll(List.of("dependency:copy-dependencies", "-DoutputDirectory=" + jars));
            command.addAll(List.of(options));
            Path said = Files.createTempFile("maven", ".out");
            Process maven = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(maven.waitFor()).as(Files.readString(said)).isZero();
            Files.delete(said);
            Files.deleteIfExists(stamp);
            Files.copy(pom, stamp);
        }
        return jars + "/*";
    }
}
