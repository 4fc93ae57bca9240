package io.ottla.app.command;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.core.SpringProperties;

/**
 * The application context as the build has worked it out: which beans there are, for the shipped configuration. It
 * spares each start, and the memory of each process, the reading of all annotations and conditions.
 *
 * <p>It holds only as long as nobody sets what decides about beans. Names that are known to be read by the beans
 * themselves, when they are made, leave it as it is; with any other of Spring's names the context is worked out anew at
 * the start, as without this.
 */
final class PreparedContext {
    /** Where the build puts it, beside the application's class. */
    private static final String SUFFIX = "__ApplicationContextInitializer.class";

    private static final String SWITCH = "spring.aot.enabled";

    /** Set while the build works it out. */
    private static final String IN_THE_MAKING = "spring.aot.processing";

    /** What may decide about beans. All other names are nothing to Spring's conditions. */
    private static final List<String> DECIDING = List.of("spring.", "server.", "management.");

    /** What does not, though it begins so. A name that ends in a dot stands for all below it. */
    private static final List<String> HARMLESS =
            List.of("management.open", "server.address", "server.port", "server.ssl.", TrainingRun.SWITCH);

    private PreparedContext() {}

    /** Whether this process is the build's, which only wants to see the context and starts nothing. */
    static boolean isInTheMaking() {
        return Boolean.getBoolean(IN_THE_MAKING);
    }

    /**
     * Lets Spring take it, where there is one and it holds. To be called before Spring starts.
     *
     * @param given names of Spring's that files and arguments set
     */
    static void useIfItHolds(Class<?> application, Collection<String> given) {
        boolean there = application.getResource(application.getSimpleName() + SUFFIX) != null;
        Stream<String> named = Stream.of(
                        given.stream(),
                        System.getProperties().stringPropertyNames().stream(),
                        System.getenv().keySet().stream().map(PreparedContext::name))
                .flatMap(names -> names);
        if (there && !isInTheMaking() && holds(named)) {
            SpringProperties.setFlag(SWITCH);
        }
    }

    /** Whether it is the same context with these names set. */
    static boolean holds(Stream<String> named) {
        return named.filter(name -> DECIDING.stream().anyMatch(name::startsWith))
                .allMatch(name -> HARMLESS.stream()
                        .anyMatch(known -> known.endsWith(".") ? name.startsWith(known) : name.equals(known)));
    }

    /** A variable's name as Spring reads it, near enough. */
    private static String name(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
