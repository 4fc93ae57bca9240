package io.ottla.app.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * The JVM and its process under the names that the older Prometheus client ("simpleclient") gave them, which dashboards
 * for Kafka ask for; {@code jvm_memory_bytes_*} and {@code jvm_memory_*_bytes} are the same values in the two spellings
 * that are in use. Values are read when somebody scrapes. Thread-safe.
 */
final class JvmCollector implements MultiCollector {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path DISK = Path.of("/proc/self/io");

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>();
        memory(all);
        pools(all);
        garbageCollection(all);
        threads(all);
        process(all);
        return new MetricSnapshots(all);
    }

    private static void memory(List<MetricSnapshot> all) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage nonHeap = memory.getNonHeapMemoryUsage();
        areas(all, "used", "Bytes of memory in use", heap, nonHeap, MemoryUsage::getUsed);
        areas(
                all,
                "committed",
                "Bytes of memory that the system has granted",
                heap,
                nonHeap,
                MemoryUsage::getCommitted);
        areas(all, "max", "Bytes of memory that may be used; -1 for no limit", heap, nonHeap, MemoryUsage::getMax);
    }

    private static void areas(
            List<MetricSnapshot> all,
            String what,
            String help,
            MemoryUsage heap,
            MemoryUsage nonHeap,
            ToLongFunction<MemoryUsage> value) {
        for (String name : List.of("jvm_memory_" + what + "_bytes", "jvm_memory_bytes_" + what)) {
            all.add(GaugeSnapshot.builder()
                    .name(name)
                    .help(help)
                    .dataPoint(point((double) value.applyAsLong(heap), "area", "heap"))
                    .dataPoint(point((double) value.applyAsLong(nonHeap), "area", "nonheap"))
                    .build());
        }
    }

    private static void pools(List<MetricSnapshot> all) {
        GaugeSnapshot.Builder used =
                GaugeSnapshot.builder().name("jvm_memory_pool_used_bytes").help("Bytes in use of a memory pool");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            if (usage != null) {
                used.dataPoint(point((double) usage.getUsed(), "pool", pool.getName()));
            }
        }
        all.add(used.build());
    }

    private static void garbageCollection(List<MetricSnapshot> all) {
        SummarySnapshot.Builder collections = SummarySnapshot.builder()
                .name("jvm_gc_collection_seconds")
                .help("Seconds spent in, and number of, garbage collections");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .labels(Labels.of("gc", collector.getName()))
                    .count(Math.max(0, collector.getCollectionCount()))
                    .sum(Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND)
                    .build());
        }
        all.add(collections.build());
    }

    private static void threads(List<MetricSnapshot> all) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        all.add(gauge("jvm_threads_current", "Platform threads that live", threads.getThreadCount()));
        all.add(gauge("jvm_threads_daemon", "Daemon threads among them", threads.getDaemonThreadCount()));
        all.add(gauge("jvm_threads_peak", "The most that lived at once", threads.getPeakThreadCount()));
        all.add(gauge(
                "jvm_classes_currently_loaded",
                "Classes that are loaded",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()));
    }

    private static void process(List<MetricSnapshot> all) {
        all.add(gauge(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            all.add(CounterSnapshot.builder()
                    .name("process_cpu_seconds")
                    .help("CPU seconds, user and system, of the process")
                    .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                            .value(Math.max(0, system.getProcessCpuTime()) / NANOS_PER_SECOND)
                            .build())
                    .build());
            all.add(gauge("process_open_fds", "Open file descriptors", (double) system.getOpenFileDescriptorCount()));
            all.add(gauge(
                    "process_max_fds", "Limit of open file descriptors", (double) system.getMaxFileDescriptorCount()));
        }
        number(STATUS, "VmRSS:")
                .ifPresent(kibibytes -> all.add(gauge(
                        "process_resident_memory_bytes",
                        "Bytes of the process that are in memory",
                        kibibytes * 1024.0)));
        number(DISK, "read_bytes:")
                .ifPresent(bytes -> all.add(gauge(
                        "kafka_server_kafkaserver_linux_disk_read_bytes",
                        "Bytes that disks had to read for this process",
                        (double) bytes)));
        number(DISK, "write_bytes:")
                .ifPresent(bytes -> all.add(gauge(
                        "kafka_server_kafkaserver_linux_disk_write_bytes",
                        "Bytes that disks have to write for this process",
                        (double) bytes)));
    }

    /** A number out of a file in which Linux says how the process is; nothing where there is none. */
    private static OptionalLong number(Path file, String name) {
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(name)) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")));
                }
            }
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(value))
                .build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(double value, String... labels) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build();
    }
}
