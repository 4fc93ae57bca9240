package io.ottla.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart of this repository, in the hands of Helm itself. */
final class Chart {
    static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    static final Path FOLDER = REPOSITORY.resolve("helm/ottla");
    static final String RELEASE = "test";
    static final String NAMESPACE = "events";

    /** Some release of Kubernetes; without one Helm takes that of its own libraries. */
    private static final String KUBERNETES = "1.34.0";

    private Chart() {}

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** What {@code helm template} prints, with these values on top of the chart's own; may be empty. */
    static String render(String values) {
        return render(values, KUBERNETES);
    }

    static String render(String values, String kubernetes) {
        return with(
                values,
                file -> template()
                        .withKubeVersion(kubernetes)
                        .withValuesFile(file)
                        .call());
    }

    /** The objects of it. */
    static Manifests manifests(String values) {
        return Manifests.parse(render(values));
    }

    /** What {@code helm install} says at its end. */
    static String notes(String values) {
        return with(
                values,
                file -> new Helm(FOLDER)
                        .install()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withValuesFile(file)
                        .withKubeVersion(KUBERNETES)
                        .clientOnly()
                        .dryRun()
                        .call()
                        .getOutput());
    }

    private static TemplateCommand template() {
        return new Helm(FOLDER).template().withName(RELEASE).withNamespace(NAMESPACE);
    }

    private interface Use {
        String of(Path file);
    }

    private static String with(String values, Use use) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return use.of(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of values from the resources of the tests. */
    static String values(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/values").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads YAML without guessing: no key twice, no types but YAML's own. */
    static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
