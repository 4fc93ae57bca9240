package io.ottla.app.command;

import io.ottla.app.process.BrokerProcess;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run that teaches the JVM's AOT cache. Since it starts no broker, it makes the parts of one without opening them,
 * and loads the classes that a start needs beyond these, so that they too come out of the cache parsed and linked. Not
 * more: all that is in the cache lies in the memory of every broker.
 */
final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
    /** What makes a run one, set to {@code onRefresh}: Spring ends it once its context stands. */
    static final String SWITCH = "spring.context.exit";

    private static final String CLASS = ".class";

    /** A third of kafka-clients' classes that nobody here needs. */
    private static final String UNUSED = "JsonConverter";

    /** Our own classes: all of them. */
    private static final String OURS = "io/ottla/";

    private static final String OUR_WITNESS = OURS + "config/BrokerConfig.class";

    /** A class of each jar, and the folders of the jar most of whose classes a start uses; not what lies below them. */
    private enum Part {
        KAFKA(
                "org/apache/kafka/common/Uuid.class",
                "org/apache/kafka/common/compress",
                "org/apache/kafka/common/errors",
                "org/apache/kafka/common/message",
                "org/apache/kafka/common/protocol",
                "org/apache/kafka/common/protocol/types",
                "org/apache/kafka/common/record/internal"),
        ZOOKEEPER(
                "org/apache/zookeeper/ZooKeeper.class",
                "org/apache/zookeeper",
                "org/apache/zookeeper/client",
                "org/apache/zookeeper/metrics",
                "org/apache/zookeeper/metrics/impl",
                "org/apache/zookeeper/server",
                "org/apache/zookeeper/server/metric",
                "org/apache/zookeeper/server/persistence",
                "org/apache/zookeeper/server/watch"),
        JUTE(
                "org/apache/zookeeper/proto/ConnectRequest.class",
                "org/apache/jute",
                "org/apache/zookeeper/data",
                "org/apache/zookeeper/proto",
                "org/apache/zookeeper/txn"),
        CURATOR_CLIENT(
                "org/apache/curator/CuratorZookeeperClient.class",
                "org/apache/curator",
                "org/apache/curator/drivers",
                "org/apache/curator/utils"),
        CURATOR(
                "org/apache/curator/framework/CuratorFramework.class",
                "org/apache/curator/framework",
                "org/apache/curator/framework/api",
                "org/apache/curator/framework/listen",
                "org/apache/curator/framework/schema",
                "org/apache/curator/framework/state"),
        NETTY("io/netty/channel/Channel.class", "io/netty/bootstrap", "io/netty/channel", "io/netty/channel/socket"),
        NETTY_EPOLL("io/netty/channel/epoll/Epoll.class", "io/netty/channel/epoll"),
        NETTY_UNIX("io/netty/channel/unix/Socket.class", "io/netty/channel/unix"),
        NETTY_BUFFERS("io/netty/buffer/ByteBuf.class", "io/netty/buffer"),
        NETTY_COMMON(
                "io/netty/util/Recycler.class",
                "io/netty/util",
                "io/netty/util/concurrent",
                "io/netty/util/internal/shaded/org/jctools/queues"),
        MAPS("org/pcollections/HashTreePMap.class", "org/pcollections");

        private final String witness;

        @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
        private final Set<String> folders;

        Part(String witness, String... folders) {
            this.witness = witness;
            this.folders = Set.of(folders);
        }

        private boolean holds(String entry) {
            int end = entry.lastIndexOf('/');
            return end > 0 && folders.contains(entry.substring(0, end));
        }
    }

    private interface Choice {
        boolean includes(String entry);
    }

    private TrainingRun() {}

    static boolean isOne() {
        return "onRefresh".equals(System.getProperty(SWITCH));
    }

    static void train(BrokerProcess process) {
        try {
            process.rehearse();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        int loaded = load(OUR_WITNESS, entry -> entry.startsWith(OURS));
        for (Part part : Part.values()) {
            loaded += load(part.witness, part::holds);
        }
        log.info("Training run: loaded {} classes of the broker", loaded);
    }

    private static int load(String witness, Choice choice) {
        ClassLoader loader = TrainingRun.class.getClassLoader();
        URL found = loader.getResource(witness);
        if (found == null) {
            log.warn("Expected {} on the class path, but it is not there", witness);
            return 0;
        }
        int loaded = 0;
        try {
            if (!(found.openConnection() instanceof JarURLConnection connection)) {
                return 0;
            }
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : jar.stream().toList()) {
                    String name = entry.getName();
                    if (name.endsWith(CLASS) && choice.includes(name) && isLoadable(name, loader)) {
                        loaded++;
                    }
                }
            }
        } catch (IOException unreadable) {
            log.warn("{} can't be listed: {}", found, unreadable.getMessage());
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
