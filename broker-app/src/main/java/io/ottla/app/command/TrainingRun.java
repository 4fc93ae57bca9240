package io.ottla.app.command;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run that teaches the JVM's AOT cache. Since it starts no broker, it loads the classes of one instead, so that they
 * too come out of the cache parsed and linked.
 */
final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
    private static final String CLASS = ".class";

    /** A third of kafka-clients' classes that nobody here needs. */
    private static final String UNUSED = "JsonConverter";

    /** A class that stands for its jar, and below which folders of the jar classes are loaded. */
    private record Part(String witness, List<String> folders) {}

    private static final List<Part> PARTS = List.of(
            new Part("io/ottla/config/BrokerConfig.class", List.of("io/ottla/")),
            new Part("io/netty/channel/Channel.class", List.of("io/netty/channel/")),
            new Part("io/netty/buffer/ByteBuf.class", List.of("io/netty/buffer/")),
            new Part("io/netty/util/Recycler.class", List.of("io/netty/util/")),
            new Part("org/apache/curator/framework/CuratorFramework.class", List.of("org/apache/curator/framework/")),
            new Part("org/apache/curator/CuratorZookeeperClient.class", List.of("org/apache/curator/")),
            new Part(
                    "org/apache/zookeeper/ZooKeeper.class",
                    List.of(
                            "org/apache/zookeeper/server/",
                            "org/apache/zookeeper/client/",
                            "org/apache/zookeeper/common/")),
            new Part("org/apache/zookeeper/proto/ConnectRequest.class", List.of("org/apache/zookeeper/")),
            new Part("org/apache/kafka/common/Uuid.class", List.of("org/apache/kafka/common/")),
            new Part("org/HdrHistogram/Recorder.class", List.of("org/HdrHistogram/")));

    private TrainingRun() {}

    /** Whether this is one. Spring ends it once its context stands. */
    static boolean isOne() {
        return "onRefresh".equals(System.getProperty("spring.context.exit"));
    }

    static void loadClasses() {
        int loaded = 0;
        for (Part part : PARTS) {
            loaded += load(part);
        }
        log.info("Training run: loaded {} classes of the broker", loaded);
    }

    private static int load(Part part) {
        ClassLoader loader = TrainingRun.class.getClassLoader();
        URL witness = loader.getResource(part.witness());
        if (witness == null) {
            log.warn("Expected {} on the class path, but it is not there", part.witness());
            return 0;
        }
        int loaded = 0;
        try {
            if (!(witness.openConnection() instanceof JarURLConnection connection)) {
                return 0;
            }
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : jar.stream().toList()) {
                    String name = entry.getName();
                    if (name.endsWith(CLASS)
                            && part.folders().stream().anyMatch(name::startsWith)
                            && isLoadable(name, loader)) {
                        loaded++;
                    }
                }
            }
        } catch (IOException unreadable) {
            log.warn("{} can't be listed: {}", witness, unreadable.getMessage());
        }
        return loaded;
    }

    /** False for a class that needs another library, which is none that we use. */
    private static boolean isLoadable(String entry, ClassLoader loader) {
        if (entry.contains(UNUSED)) {
            return false;
        }
        try {
            Class.forName(entry.substring(0, entry.length() - CLASS.length()).replace('/', '.'), false, loader);
            return true;
        } catch (ClassNotFoundException | LinkageError optional) {
            return false;
        }
    }
}
